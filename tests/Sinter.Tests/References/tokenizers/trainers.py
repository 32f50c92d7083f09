"""Makes trainers.json beside it with Hugging Face's tokenizers (0.23.1): python trainers.py

What their trainers learn from text.txt: of byte-level BPE the SHA-256 of the merges, a line each, for several settings; of WordPiece and Unigram, which
depend on the order of a hash table, the number of tokens that text.txt becomes, the mean of five trainings.
"""
import hashlib, json, os, statistics

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

here = os.path.dirname(os.path.abspath(__file__))
TEXT = open(os.path.join(here, "text.txt"), encoding="utf-8", newline="").read()
END = "<|endoftext|>"


def bpe(vocab_size, min_frequency, special_tokens):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    t.train_from_iterator([TEXT], trainers.BpeTrainer(vocab_size=vocab_size, min_frequency=min_frequency, special_tokens=[END] + special_tokens,
                          initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    merges = [" ".join(m) for m in json.loads(t.to_str())["model"]["merges"]]
    return {"vocab_size": vocab_size, "min_frequency": min_frequency, "special_tokens": special_tokens, "size": t.get_vocab_size(), "merges": len(merges),
            "sha256": hashlib.sha256("\n".join(merges).encode()).hexdigest()}


def wordpiece(vocab_size):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(lowercase=False)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.train_from_iterator([TEXT], trainers.WordPieceTrainer(vocab_size=vocab_size, min_frequency=2, limit_alphabet=1000, show_progress=False,
                          special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", END]))
    return len(t.encode(TEXT).ids)


def unigram(pieces):
    t = Tokenizer(models.Unigram())
    t.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split("\n", "isolated"), pre_tokenizers.Metaspace(prepend_scheme="never")])
    t.train_from_iterator([TEXT], trainers.UnigramTrainer(vocab_size=pieces + 2, special_tokens=["<unk>", END], unk_token="<unk>", show_progress=False))
    return len(t.encode(TEXT).ids)


made = {
    "bpe": [bpe(300, 1, []), bpe(600, 2, []), bpe(900, 5, []), bpe(1500, 1, ["<|im_start|>", "<|im_end|>"]), bpe(5000, 3, ["<pad>"])],
    "wordpiece": [{"vocab_size": n, "tokens": statistics.mean(wordpiece(n) for _ in range(5))} for n in (600, 700)],
    "unigram": [{"pieces": n, "tokens": statistics.mean(unigram(n) for _ in range(5))} for n in (380, 450)],
}
with open(os.path.join(here, "trainers.json"), "w", encoding="utf-8", newline="") as f: json.dump(made, f, indent=1); f.write("\n")
print(json.dumps(made, indent=1))
