"""Makes the reference files beside it with Hugging Face's tokenizers (0.23.1): python make.py

text.txt           a training text of many scripts, made here
gpt2.json          byte-level BPE trained on it, GPT-2's pre-tokenizer
llama3.json        byte-level BPE trained on it, Llama 3's pre-tokenizer, ignore_merges, added tokens
digits.json        the same with Qwen 2's pattern
cases.jsonl        odd strings and their ids: {"text", "gpt2", "llama3", "digits"}
"""
import json, os, random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from shared import LLAMA3

here = os.path.dirname(os.path.abspath(__file__))
rng = random.Random(20)
END = "<|endoftext|>"

DIGITS = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")

SCRIPTS = {
    "latin": "abcdefghijklmnopqrstuvwxyz", "umlaut": "äöüßéèêñçøåœ", "greek": "αβγδεζηθικλμνξοπρστυφχψω", "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשת", "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "devanagari": "कखगघचछजझटठडढतथदधनपफबभमयरलवशषसहािीुूेैोौ्",
    "thai": "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวศสหอะาิีึืุูเแโใไ่้", "kana": "あいうえおかきくけこさしすせそアイウエオカキクケコ", "han": "的一是不了人我在有他这为之大来以个中上们",
    "hangul": "가나다라마바사아자차카타파하한국어", "gothic": "𐌰𐌱𐌲𐌳𐌴𐌵𐌶𐌷", "math": "𝐀𝐁𝐂𝐚𝐛𝐜𝑥𝑦𝑧", "hanext": "𠀀𠀁𠀂𪜀", "modifier": "ʰʲʷˠˤ", "title": "ǅǈǋ",
}
NUMBERS = ["0123456789", "٠١٢٣٤٥", "०१२३४", "ⅠⅡⅢⅧ", "½¼¾²³", "𝟎𝟏𝟐𝟗", "①②③", "〇〡〢"]
SIGNS = list("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") + ["…", "—", "«", "»", "€", "№", "\u200d", "\u200b", "\ufeff", "\ufffd", "\u0301", "\u20dd", "\u0000",
         "\u0007", "\u001c", "\u180e", "\ue000", "\U000f0000"]
EMOJI = ["😀", "👩‍👩‍👧‍👦", "🇨🇭", "❤️", "🏳️‍🌈", "👍🏽", "🧑🏿‍🚀", "☃"]
SPACES = [" ", " ", " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", " \n", "\n ", "\u00a0", "\u2003", "\u3000", "\u0085", "\u2028", "\u1680", "\u000b", "\u000c", "\r"]
CONTRACTIONS = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'T", "'RE", "'Ve", "'M", "'lL", "'D", "'x", "''s", "'\u017f", "’s", "'r", "'l", "'v", "'"]


def word():
    letters = SCRIPTS[rng.choice(list(SCRIPTS))]
    return "".join(rng.choice(letters) for _ in range(rng.randint(1, 7)))


def piece():
    kind = rng.randrange(10)
    if kind < 3: return word()
    if kind == 3: return "".join(rng.choice(rng.choice(NUMBERS)) for _ in range(rng.randint(1, 9)))
    if kind == 4: return "".join(rng.choice(SIGNS) for _ in range(rng.randint(1, 4)))
    if kind == 5: return rng.choice(EMOJI)
    if kind == 6: return rng.choice(["it", "don", "we", "I", "they", "Ünï", "да"]) + rng.choice(CONTRACTIONS)
    if kind == 7: return rng.choice([END, "<|begin|>", "<tool>", "<tool>x", "<|endoftext", "<|"]) if rng.random() < 0.3 else word().upper()
    return "".join(rng.choice(SPACES) for _ in range(rng.randint(1, 4)))


def training_text():
    vocabulary = [word() for _ in range(120)] + ["the", "then", "there", "don't", "it's", "we'll", "aaaa", "aaaaaaa", "abab", "ababab", "1234", "12", "--", "...", "😀", "👍🏽"]
    weights = [1.0 / (i + 1) for i in range(len(vocabulary))]
    rng.shuffle(vocabulary)
    parts = []
    for w in rng.choices(vocabulary, weights, k=6000):
        parts += [w, rng.choice([" ", " ", " ", " ", " ", ", ", ". ", "\n", "\n\n", "  "])]
    return "".join(parts)


def save(name, content):
    with open(os.path.join(here, name), "w", encoding="utf-8", newline="") as f: f.write(content)


def train(text, pre_tokenizer, vocab_size, min_frequency):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator([text], trainers.BpeTrainer(vocab_size=vocab_size, min_frequency=min_frequency, special_tokens=[END],
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return tokenizer


def split(pattern):
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def ignore_merges(tokenizer):
    data = json.loads(tokenizer.to_str())
    data["model"]["ignore_merges"] = True
    # A token that no merges make: only ignore_merges gives it.
    data["model"]["vocab"]["Ġzebra"] = tokenizer.get_vocab_size()
    return Tokenizer.from_str(json.dumps(data))


def cases():
    yield from ["", " ", "  ", "\n", "a", "é", "😀", END, END + END, "a" + END + " b", " zebra", "zebra zebra", "a" * 300, "ab" * 200, "\n" * 50, " " * 77 + "x",
                "1234567890" * 3, "the then there", "<tool><|begin|>x<tool>", "'s's's", "x" * 5 + " " * 5, "\ufeffx", "don't DON'T don\u2019t", "=" * 64]
    for _ in range(400): yield "".join(piece() for _ in range(rng.randint(1, 12)))


text = training_text()
save("text.txt", text)
gpt2 = train(text, pre_tokenizers.ByteLevel(add_prefix_space=False), 900, 2)
llama3 = ignore_merges(train(text, split(LLAMA3), 700, 0))
llama3.add_special_tokens(["<|begin|>", AddedToken("<|endof", special=True, normalized=False)])
llama3.add_tokens([AddedToken("<tool>", normalized=False), AddedToken("<tool>x", normalized=False)])
digits = train(text, split(DIGITS), 600, 0)
for name, tokenizer in (("gpt2", gpt2), ("llama3", llama3), ("digits", digits)): save(name + ".json", tokenizer.to_str(pretty=False))
lines = []
for case in cases():
    ids = {name: t.encode(case, add_special_tokens=False).ids for name, t in (("gpt2", gpt2), ("llama3", llama3), ("digits", digits))}
    lines.append(json.dumps({"text": case, **ids}, ensure_ascii=True, separators=(",", ":")))
save("cases.jsonl", "\n".join(lines) + "\n")
print(len(lines), "cases;", gpt2.get_vocab_size(), llama3.get_vocab_size(), digits.get_vocab_size())
