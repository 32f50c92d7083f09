"""Makes models.jsonl beside it with Hugging Face's tokenizers (0.23.1): python models.py

Random small models of type WordPiece and Unigram, and what they make of random pieces of text. A line is
{"model": as in tokenizer.json, "cases": [[text, [[id, start, end], ...]], ...]}, start and end in UTF-16 units; a text that the model refuses has null.
"""
import json, os, random

from tokenizers import models

here = os.path.dirname(os.path.abspath(__file__))
rng = random.Random(7)
LETTERS = ["ab", "abc", "aé中", "a😀𐌰", "x_é\u0301😀", "0Ax<>"]


def text(letters, longest): return "".join(rng.choice(letters) for _ in range(rng.randint(1, longest)))


def utf16(s, byte): return len(s.encode("utf-8")[:byte].decode("utf-8").encode("utf-16-le")) // 2


def tokens(model, s):
    try: found = model.tokenize(s)
    except Exception: return None
    return [[t.id, utf16(s, t.offsets[0]), utf16(s, t.offsets[1])] for t in found]


def line(model, letters, odd):
    inner = {"WordPiece": models.WordPiece, "Unigram": models.Unigram}[model["type"]]
    if model["type"] == "WordPiece":
        made = inner(vocab=model["vocab"], unk_token=model["unk_token"], max_input_chars_per_word=model["max_input_chars_per_word"],
                     continuing_subword_prefix=model["continuing_subword_prefix"])
    else: made = inner([tuple(p) for p in model["vocab"]], model["unk_id"], model["byte_fallback"])
    texts = [text(letters + odd, n) for n in (1, 2, 3, 5, 8, 13, 21, 40) for _ in range(3)] + [letters[0] * 30, letters[:2] * 20]
    return json.dumps({"model": model, "cases": [[s, tokens(made, s)] for s in texts]}, separators=(",", ":"), ensure_ascii=False)


lines = []
for n in range(40):
    letters = LETTERS[n % len(LETTERS)]
    prefix = rng.choice(["##", "##", "", "a"])
    names = {"[UNK]"} if n % 8 else set()
    names |= {c for c in letters if rng.random() < 0.8} | {prefix + c for c in letters if rng.random() < 0.9}
    names |= {rng.choice(["", prefix]) + text(letters, 6) for _ in range(25)}
    model = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": prefix, "max_input_chars_per_word": rng.choice([5, 20, 100]),
             "vocab": {t: i for i, t in enumerate(sorted(names))}}
    lines.append(line(model, letters, rng.choice(["", "", "q"])))
for n in range(80):
    letters = LETTERS[n % len(LETTERS)]
    # Few different scores: ties.
    score = rng.choice([lambda: -float(rng.randint(1, 3)), lambda: -rng.random() * 10, lambda: rng.uniform(-20, 3)])
    vocab = [["<unk>", 0.0]] + [[c, score()] for c in letters if rng.random() < 0.8] + [[text(letters, 6), score()] for _ in range(25)]
    if n % 3 == 0: vocab += [[f"<0x{b:02X}>", 0.0] for b in range(256) if n % 2 or b != 0xA9]
    if n % 5 == 0: vocab += [["qq", -1.0], ["q😀", -30.0]]
    if n % 7 == 0: rng.shuffle(vocab)
    unk = None if n % 11 == 5 else [p[0] for p in vocab].index("<unk>")
    model = {"type": "Unigram", "unk_id": unk, "vocab": vocab, "byte_fallback": n % 3 == 0}
    lines.append(line(model, letters, rng.choice(["", "q", "q<unk>"])))
with open(os.path.join(here, "models.jsonl"), "w", encoding="utf-8", newline="") as f: f.write("\n".join(lines) + "\n")
print(len(lines), "models,", sum(len(json.loads(l)["cases"]) for l in lines), "texts")
