"""Hugging Face's side of scripts/tokenizer-soak (tokenizers 0.23.1; sentencepiece for its normalization table): python soak.py FOLDER

Makes a tokenizer of each family in FOLDER/families, trained on text.txt beside this script, and with each encodes and decodes the strings of
FOLDER/strings.jsonl, a JSON text a line. Writes FOLDER/digests/FAMILY: a line for each string, the first 16 digits of the SHA-256 of its ids, offsets and
decoded texts. If FOLDER/wrong.jsonl is there, writes instead what this library makes of the strings it names, beside what was found.
"""
import glob, hashlib, json, os, sys

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from shared import BYTES, LLAMA3, O200K, charsmap

here = os.path.dirname(os.path.abspath(__file__))
TEXT = open(os.path.join(here, "text.txt"), encoding="utf-8").read()
LINES = TEXT.split("\n")
P, N, D, T = pre_tokenizers, normalizers, decoders, processors.TemplateProcessing


def bpe(specials, alphabet=None, size=900, pre=None, norm=None, **model):
    t = Tokenizer(models.BPE(**model))
    if norm: t.normalizer = norm
    if pre: t.pre_tokenizer = pre
    t.train_from_iterator(LINES, trainers.BpeTrainer(vocab_size=size, special_tokens=specials, initial_alphabet=alphabet or [], show_progress=False))
    return t


def byte_level(specials, pre, norm=None, size=900):
    t = bpe(specials, P.ByteLevel.alphabet(), size, pre, norm)
    t.decoder = D.ByteLevel()
    return t


def split(pattern): return P.Sequence([P.Split(Regex(pattern), "isolated"), P.ByteLevel(add_prefix_space=False, use_regex=False)])


def fallback(pre, norm):
    """A BPE of characters whose unknowns are bytes, as in Llama 2, Mistral and Gemma."""
    t = bpe(["<unk>", "<s>", "</s>"] + BYTES, size=1100, pre=pre, norm=norm, unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    t.post_processor = T(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    data = json.loads(t.to_str())
    # The bytes are ordinary tokens, and a letter without a token of its own is needed for them to be used.
    data["added_tokens"] = [a for a in data["added_tokens"] if not a["content"].startswith("<0x")]
    gone = {c for c in data["model"]["vocab"] if len(c) == 1 and ord(c) % 7 == 3 and c != "▁"}
    data["model"]["merges"] = [m for m in data["model"]["merges"] if not any(g in "".join(m) for g in gone)]
    keep = {c for m in data["model"]["merges"] for c in ["".join(m)]}
    data["model"]["vocab"] = {c: i for c, i in data["model"]["vocab"].items() if c not in gone and (len(c) == 1 or c.startswith("<") or c in keep)}
    return Tokenizer.from_str(json.dumps(data))


def llama2():
    t = fallback(None, N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")]))
    t.decoder = D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)])
    return t


def mistral():
    t = fallback(P.Metaspace(prepend_scheme="first", split=False), None)
    t.decoder = D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)])
    return t


def gemma():
    t = fallback(P.Split(" ", "merged_with_previous"), N.Replace(" ", "▁"))
    t.decoder = D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse()])
    return t


def bert(**options):
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = N.BertNormalizer(**options)
    t.pre_tokenizer = P.BertPreTokenizer()
    t.train_from_iterator(LINES, trainers.WordPieceTrainer(vocab_size=1200, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False))
    t.post_processor = T(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    t.decoder = D.WordPiece()
    return t


def unigram(pre, norm, decoder, byte_fallback=False):
    t = Tokenizer(models.Unigram())
    if norm: t.normalizer = norm
    t.pre_tokenizer = pre
    t.train_from_iterator(LINES, trainers.UnigramTrainer(vocab_size=900, special_tokens=["<pad>", "</s>", "<unk>", "<mask>"], unk_token="<unk>", show_progress=False))
    if byte_fallback:
        data = json.loads(t.to_str())
        data["model"]["vocab"] += [[b, 0.0] for b in BYTES]
        data["model"]["byte_fallback"] = True
        t = Tokenizer.from_str(json.dumps(data))
    t.post_processor = T(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    t.decoder = decoder
    return t


def nfkc(): return N.Precompiled(charsmap(LINES, normalization_rule_name="nmt_nfkc"))


def roberta():
    t = byte_level(["<s>", "<pad>", "</s>", "<unk>"], P.ByteLevel(add_prefix_space=True))
    t.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=True)
    return t


def gpt2():
    t = byte_level(["<|endoftext|>"], P.ByteLevel(add_prefix_space=False))
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    return t


def llama3():
    t = byte_level(["<|begin_of_text|>", "<|endoftext|>", "<|eot_id|>"], split(LLAMA3))
    t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False), T(single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1", special_tokens=[("<|begin_of_text|>", 0)])])
    return t


def qwen2():
    t = byte_level(["<|endoftext|>", "<|im_start|>", "<|im_end|>"], split(LLAMA3.replace("{1,3}", "")), N.NFC())
    t.add_tokens([AddedToken("<tool>", normalized=False), AddedToken("<tool>x", normalized=False), AddedToken("É", normalized=True), AddedToken("zebra", single_word=True, rstrip=True)])
    t.post_processor = processors.ByteLevel(trim_offsets=True)
    return t


def t5(): return unigram(P.Metaspace(prepend_scheme="always"), nfkc(), D.Metaspace(prepend_scheme="always"))


def xlmr():
    return unigram(P.Sequence([P.WhitespaceSplit(), P.Metaspace(prepend_scheme="always")]), N.Sequence([nfkc(), N.Replace(Regex(" {2,}"), " ")]),
                   D.Metaspace(prepend_scheme="always"))


def albert():
    return unigram(P.Metaspace(prepend_scheme="always"), N.Sequence([N.Replace("``", '"'), N.Replace("''", '"'), N.NFKD(), N.StripAccents(), N.Lowercase(),
                   nfkc(), N.Replace(Regex(" {2,}"), " ")]), D.Metaspace(prepend_scheme="always"))


def nmt(): return unigram(P.Metaspace(prepend_scheme="first"), N.Sequence([N.Nmt(), N.NFKC(), N.Replace(Regex(" {2,}"), " ")]), D.Metaspace(prepend_scheme="first"))


def plain(pre, norm, decoder=None):
    t = bpe(["<unk>"], size=1000, pre=pre, norm=norm, unk_token="<unk>", fuse_unk=True)
    if decoder: t.decoder = decoder
    return t


FAMILIES = {
    "gpt2": gpt2, "roberta": roberta, "llama3": llama3, "qwen2": qwen2, "o200k": lambda: byte_level(["<|endoftext|>"], split(O200K)),
    "llama2": llama2, "mistral": mistral, "gemma": gemma, "bert-uncased": lambda: bert(lowercase=True), "bert-cased": lambda: bert(lowercase=False),
    "bert-accents": lambda: bert(lowercase=True, strip_accents=False, handle_chinese_chars=False), "bert-raw": lambda: bert(lowercase=False, strip_accents=True, clean_text=False),
    "t5": t5, "xlm-roberta": xlmr, "albert": albert, "unigram-nmt": nmt,
    "unigram-bytes": lambda: unigram(P.Metaspace(prepend_scheme="never"), None, D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse()]), byte_fallback=True),
    "whitespace": lambda: plain(P.Whitespace(), N.Sequence([N.NFKC(), N.Strip(), N.Lowercase()])),
    "punctuation": lambda: plain(P.Sequence([P.WhitespaceSplit(), P.Punctuation("isolated"), P.Digits(individual_digits=True)]), N.Sequence([N.NFD(), N.StripAccents()]), D.WordPiece(prefix="##", cleanup=True)),
    "scripts": lambda: plain(P.Sequence([P.UnicodeScripts(), P.Punctuation("merged_with_next"), P.Digits()]), N.NFKD(), D.Fuse()),
    "delimiter": lambda: plain(P.Sequence([P.CharDelimiterSplit("e"), P.Split("th", "removed"), P.Split(Regex("[0-9]+"), "contiguous")]), N.Lowercase(), D.BPEDecoder(suffix="</w>")),
}


def canonical(t, s, then):
    plain, full, pair = t.encode(s, add_special_tokens=False), t.encode(s), t.encode(s, then)
    show = lambda e: ",".join(map(str, e.ids)) + "|" + ",".join(f"{a}-{b}" for a, b in e.offsets)
    return "\n".join([show(plain), show(full), show(pair) + "|" + ",".join(map(str, pair.type_ids)), t.decode(full.ids, skip_special_tokens=False),
                      t.decode(full.ids, skip_special_tokens=True)])


def read(folder, name): return [json.loads(line) for line in open(os.path.join(folder, name), encoding="utf-8")]


folder = sys.argv[1]
strings = read(folder, "strings.jsonl")
load = lambda name: Tokenizer.from_file(os.path.join(folder, "families", name + ".json"))
if os.path.exists(os.path.join(folder, "wrong.jsonl")):
    for wrong in read(folder, "wrong.jsonl"):
        n = wrong["number"]
        want = canonical(load(wrong["family"]), strings[n], strings[(n + 1) % len(strings)])
        for k, (a, b) in enumerate(zip(want.split("\n"), wrong["found"].split("\n"))):
            if a != b: print(f"{wrong['family']} {n} {json.dumps(strings[n], ensure_ascii=True)} part {k}\n  want {a!a}\n  got  {b!a}"); break
    sys.exit()
os.makedirs(os.path.join(folder, "families"), exist_ok=True)
os.makedirs(os.path.join(folder, "digests"), exist_ok=True)
for name, make in FAMILIES.items(): make().save(os.path.join(folder, "families", name + ".json"), pretty=False)
for name in ("llama3", "digits", "gpt2"):
    with open(os.path.join(folder, "families", "reference-" + name + ".json"), "w", encoding="utf-8") as f: f.write(open(os.path.join(here, name + ".json"), encoding="utf-8").read())
for path in sorted(glob.glob(os.path.join(folder, "families", "*.json"))):
    name = os.path.basename(path)[:-5]
    t = Tokenizer.from_file(path)
    with open(os.path.join(folder, "digests", name), "w") as f:
        for n, s in enumerate(strings): f.write(hashlib.sha256(canonical(t, s, strings[(n + 1) % len(strings)]).encode()).hexdigest()[:16] + "\n")
    print(name, t.get_vocab_size(), flush=True)
