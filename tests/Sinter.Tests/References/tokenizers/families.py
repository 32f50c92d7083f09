"""Makes families.jsonl.gz and parts.jsonl.gz beside it with Hugging Face's tokenizers (0.23.1; sentencepiece compiles a normalization table):

    python families.py

families: for each family of tokenizers its file, trained on text.txt, and what the library makes of texts of cases.jsonl: of each text the ids and the
places of tokens with special tokens, the ids without them, and the decoded texts (null where it is the text itself); of the first ones with the next
text as a pair also types and masks.
parts: normalizers, pre-tokenizers and decoders one by one, and what they make of texts.
"""
import gzip, json, os, tempfile

from tokenizers import AddedToken, Regex, Tokenizer, decoders as D, models, normalizers as N, pre_tokenizers as P, processors, trainers

from shared import BYTES, CASED, LLAMA3, O200K, charsmap

here = os.path.dirname(os.path.abspath(__file__))
LINES = open(os.path.join(here, "text.txt"), encoding="utf-8").read().split("\n")
TEXTS = [json.loads(line)["text"] for line in open(os.path.join(here, "cases.jsonl"), encoding="utf-8")]
TEXTS = TEXTS[:24] + TEXTS[24::4] + ["Ａﬁ ﬂ½ <mask>  x", "Ünï É\u0301 e\u0301 \u1e9b\u0323 가 \u1100\u1161\u11a8", "a<mask> b <mask>c", "  <|user|>  \n hi<|end|>\n ok", "a  \u00a0<tool> x",
         "zebra zebras <word>s <word> x", "tail   ", "   head", "\t\n tab", "İSTANBUL ẞ ǅ", "日本語のテスト 漢字かな交じり文。", "don't DON'T we'LL aB ABc HTMLParser", "\u2581\u2581a \u2581 b"]
TEKKEN = "|".join(CASED + [r"\p{N}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])
DEEPSEEK = r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
# Ligatures, wide letters, an expansion, a removal, and a mark taken into its letter: source and target as code points.
RULES = ["FB01\t66 69", "FF21\t41", "BD\t31 2044 32", "200B\t", "65 301\tE9", "AD\t", "3000\t20", "A0\t20", "9\t20", "A\t20", "2581\t20", "130\t69 307", "1E9E\t73 73"]


def split(pattern): return P.Sequence([P.Split(Regex(pattern), "isolated"), P.ByteLevel(add_prefix_space=False, use_regex=False)])


def bpe(specials, pre, norm=None, size=600, alphabet=(), **model):
    t = Tokenizer(models.BPE(**model))
    if norm: t.normalizer = norm
    if pre: t.pre_tokenizer = pre
    options = {k: v for k, v in model.items() if k in ("end_of_word_suffix", "continuing_subword_prefix")}
    t.train_from_iterator(LINES, trainers.BpeTrainer(vocab_size=size, special_tokens=specials, initial_alphabet=list(alphabet), limit_alphabet=300, show_progress=False, **options))
    return t


def byte_level(specials, pre, norm=None):
    t = bpe(specials, pre, norm, alphabet=P.ByteLevel.alphabet())
    t.decoder = D.ByteLevel()
    return t


def sentence_piece(pre, norm, strip=True, special=()):
    """A BPE of characters whose unknowns are bytes: those that limit_alphabet leaves out."""
    t = bpe(["<unk>", "<s>", "</s>"] + BYTES, pre, norm, 800, unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    data = json.loads(t.to_str())
    data["added_tokens"] = [a for a in data["added_tokens"] if not a["content"].startswith("<0x")]
    t = Tokenizer.from_str(json.dumps(data))
    t.add_tokens(list(special))
    t.decoder = D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse()] + ([D.Strip(" ", 1, 0)] if strip else []))
    t.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    return t


def gpt2():
    t = byte_level(["<|endoftext|>"], P.ByteLevel(add_prefix_space=False))
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    return t


def llama3():
    t = byte_level(["<|begin_of_text|>", "<|end_of_text|>"], split(LLAMA3))
    t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=True), processors.TemplateProcessing(single="<|begin_of_text|> $A",
                       pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1", special_tokens=[("<|begin_of_text|>", 0)])])
    return t


def qwen2():
    t = byte_level(["<|endoftext|>", "<|im_start|>", "<|im_end|>"], split(LLAMA3.replace("{1,3}", "")), N.NFC())
    t.add_tokens([AddedToken("<tool>", normalized=False), AddedToken("É", normalized=True), AddedToken("zebra", single_word=True), AddedToken("<word>", single_word=True, rstrip=True)])
    t.post_processor = processors.ByteLevel(add_prefix_space=False, trim_offsets=False)
    return t


def roberta():
    t = byte_level(["<s>", "<pad>", "</s>", "<unk>"], P.ByteLevel(add_prefix_space=True))
    t.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=True)
    t.enable_truncation(24, strategy="longest_first")
    t.enable_padding(pad_id=1, pad_token="<pad>", length=28)
    return t


def bert(lowercase, classic):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = N.BertNormalizer(lowercase=lowercase)
    t.pre_tokenizer = P.BertPreTokenizer()
    t.train_from_iterator(LINES, trainers.WordPieceTrainer(vocab_size=700, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], limit_alphabet=300, show_progress=False))
    t.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2)) if classic else processors.TemplateProcessing(single="[CLS] $A [SEP]",
                       pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    t.decoder = D.WordPiece()
    if classic: t.enable_truncation(21, direction="left")
    if classic: t.enable_padding(direction="left", pad_to_multiple_of=8, pad_token="[PAD]")
    return t


def rules():
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as f:
        f.write("\n".join(RULES) + "\n")
        f.flush()
        return charsmap(LINES, normalization_rule_tsv=f.name)


def t5():
    t = Tokenizer(models.Unigram())
    t.normalizer = N.Sequence([N.Precompiled(rules()), N.Replace(Regex(" {2,}"), "▁")])
    t.pre_tokenizer = P.Sequence([P.WhitespaceSplit(), P.Metaspace(prepend_scheme="always")])
    t.train_from_iterator(LINES, trainers.UnigramTrainer(vocab_size=600, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False))
    t.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    t.decoder = D.Metaspace(prepend_scheme="always")
    return t


def clip():
    t = bpe(["<|startoftext|>", "<|endoftext|>"], P.Sequence([P.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True), P.ByteLevel(add_prefix_space=False)]),
            N.Sequence([N.NFC(), N.Replace(Regex(r"\s+"), " "), N.Lowercase()]), alphabet=P.ByteLevel.alphabet(), end_of_word_suffix="</w>", unk_token="<|endoftext|>")
    t.post_processor = processors.RobertaProcessing(("<|endoftext|>", 1), ("<|startoftext|>", 0), trim_offsets=False, add_prefix_space=False)
    t.decoder = D.Sequence([D.BPEDecoder("</w>")])
    return t


PHI3 = [AddedToken("<|user|>", rstrip=True, normalized=False, special=True), AddedToken("<|end|>", rstrip=True, normalized=False, special=True), AddedToken("<tool>", lstrip=True)]
FAMILIES = {
    "gpt2": gpt2, "llama3": llama3, "qwen2": qwen2, "o200k": lambda: byte_level(["<|endoftext|>"], split(O200K)), "tekken": lambda: byte_level(["<s>"], split(TEKKEN)),
    "deepseek": lambda: byte_level(["<s>"], P.Sequence([P.Split(Regex(r"\p{N}{1,3}"), "isolated"), P.Split(Regex(r"[一-龥぀-ゟ゠-ヿ]+"), "isolated"), *[P.Split(Regex(DEEPSEEK), "isolated")],
                P.ByteLevel(add_prefix_space=False, use_regex=False)])),
    "starcoder": lambda: byte_level(["<|endoftext|>"], P.Sequence([P.Digits(individual_digits=True), P.ByteLevel(add_prefix_space=False)])), "roberta": roberta,
    "llama2": lambda: sentence_piece(None, N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")])), "mistral": lambda: sentence_piece(P.Metaspace(prepend_scheme="first", split=False), None),
    "gemma": lambda: sentence_piece(P.Split(" ", "merged_with_previous"), N.Replace(" ", "▁"), strip=False),
    "phi3": lambda: sentence_piece(None, N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")]), special=PHI3),
    "bert": lambda: bert(True, False), "distilbert": lambda: bert(True, True), "bert-cased": lambda: bert(False, False), "t5": t5, "clip": clip,
}


def show(encoding):
    """Ids; and the places, each as its distance from the end of the one before it and its length."""
    places, last = [], 0
    for start, end in encoding.offsets:
        places += [start - last, end - start]
        last = end
    return [encoding.ids, places]


def family(name, t):
    out = []
    for i, text in enumerate(TEXTS):
        full, plain = t.encode(text), t.encode(text, add_special_tokens=False)
        said = [t.decode(full.ids, skip_special_tokens=False), t.decode(full.ids)]
        case = [*show(full), plain.ids, *[None if s == text else s for s in said]]
        if i % 5 == 0:
            pair = t.encode(text, TEXTS[(i + 1) % len(TEXTS)])
            case += [*show(pair), pair.type_ids, "".join(map(str, pair.special_tokens_mask)), "".join(map(str, pair.attention_mask))]
        out.append(case)
    print(name, t.get_vocab_size(), flush=True)
    return {"family": name, "file": t.to_str(), "cases": out}


def part(kind, made):
    t = Tokenizer(models.BPE())
    setattr(t, kind, made)
    texts = TEXTS[::3]
    if kind == "normalizer": cases = [made.normalize_str(s) for s in texts]
    elif kind == "pre_tokenizer": cases = [[[p, *o] for p, o in made.pre_tokenize_str(s)] for s in texts]
    else: cases = [[tokens, made.decode(tokens)] for tokens in TOKENS]
    return {"kind": kind, "part": json.loads(t.to_str())[kind], "cases": cases}


TOKENS = [["▁the", "▁", "cat", "##s", "▁▁x"], ["<0xE4>", "<0xBD>", "<0xA0>", "a", "<0xFF>", "<0x41>"], ["Ġhe", "llo</w>", "Ã©", "|", "|", "<pad>", "<pad>", "x"], ["do", "n", "'", "t", "n't", "."],
          [" a ", "  b  ", "c"], ["你", "好</w>", "you</w>", "</w>"], ["[CLS]", "it", "'s", "##", "!", "do not"]]
REGEXES = [r"\d+", r"[a-z]+(?=\s)", r"\s+$", r"\p{Lu}", r"[^\s]", r".", r"(?i:the)", r"\p{L}\p{M}*"]
BEHAVIORS = ["removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"]
PARTS = [("normalizer", n) for n in [N.NFC(), N.NFD(), N.NFKC(), N.NFKD(), N.Lowercase(), N.Strip(), N.Strip(left=True, right=False), N.StripAccents(), N.Nmt(), N.Prepend("xy"), N.ByteLevel(),
         N.Replace("the", "THE "), N.Replace(Regex(r"\s+"), "_"), N.Replace(Regex(r"\p{L}"), ""), N.BertNormalizer(), N.BertNormalizer(lowercase=False, strip_accents=True, clean_text=False),
         N.BertNormalizer(handle_chinese_chars=False, strip_accents=False)]]
PARTS += [("pre_tokenizer", p) for p in [P.ByteLevel(), P.ByteLevel(add_prefix_space=False, use_regex=False), P.Whitespace(), P.WhitespaceSplit(), P.BertPreTokenizer(), P.Metaspace(),
          P.Metaspace(replacement="_", prepend_scheme="first"), P.Metaspace(prepend_scheme="never", split=False), P.Digits(), P.Digits(individual_digits=True), P.UnicodeScripts(),
          P.CharDelimiterSplit("e"), P.Split(Regex("a|e"), "removed", invert=True), P.FixedLength(3), P.Sequence([P.Whitespace(), P.Punctuation(), P.ByteLevel()])]]
PARTS += [("pre_tokenizer", P.Split(Regex(r), "isolated")) for r in REGEXES + [LLAMA3, O200K, TEKKEN, DEEPSEEK]]
PARTS += [("pre_tokenizer", make) for b in BEHAVIORS for make in (P.Punctuation(b), P.Split(" ", b), P.Split(Regex(r"\p{N}"), b))]
PARTS += [("decoder", d) for d in [D.ByteLevel(), D.WordPiece(), D.WordPiece("##", cleanup=False), D.Metaspace(), D.Metaspace(prepend_scheme="never"), D.BPEDecoder(), D.Replace("▁", " "),
          D.Replace(Regex("[aeiou]"), ""), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 1), D.CTC(), D.CTC(cleanup=False), D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)])]]


def save(name, rows):
    lines = "\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows) + "\n"
    content = gzip.compress(lines.encode(), 9, mtime=0)
    with open(os.path.join(here, name), "wb") as f: f.write(content)
    print(name, len(lines), len(content))


save("families.jsonl.gz", [{"texts": TEXTS}] + [family(name, make()) for name, make in FAMILIES.items()])
save("parts.jsonl.gz", [{"texts": TEXTS[::3]}] + [part(kind, made) for kind, made in PARTS])
