"""Writes src/Sinter/Text/Characters/unicode.bin: what Hugging Face's tokenizers (0.23.1) takes each code point for.

    python tests/Sinter.Tests/References/tokenizers/unicode.py src/Sinter/Text/Characters/unicode.bin     (from the repository's root, some minutes)

The library is built of parts that know different versions of Unicode: its normal forms are those of Unicode 9, its categories of punctuation and
marks older, white space and lower case as new as its compiler. So each code point is shown to the library, and its answers are written down. The
file is zlib over: runs of flags, runs of scripts, runs of combining classes, canonical decompositions, compatibility decompositions, compositions,
lower case; numbers are LEB128.
"""
import sys, unicodedata, zlib

from tokenizers import Regex, normalizers, pre_tokenizers as pre

LAST = 0x110000
POINTS = [c for c in range(LAST) if not 0xD800 <= c <= 0xDFFF]


def removed(pattern):
    split = pre.Split(Regex(pattern), "removed")
    return lambda s: not split.pre_tokenize_str(s)


def cuts(pre_tokenizer): return lambda s: len(pre_tokenizer.pre_tokenize_str("a" + s)) == 2


def becomes(normalizer, result): return lambda s: normalizer.normalize_str(s) == result


clean = normalizers.BertNormalizer(clean_text=True, handle_chinese_chars=False, strip_accents=False, lowercase=False)
accents = normalizers.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=True, lowercase=False)
words = pre.Whitespace()
# The order is that of the flags in CharFlags.
FLAGS = [
    ("letter", removed(r"\p{L}")), ("number", removed(r"\p{N}")), ("space", removed(r"\s")), ("mark", removed(r"\p{M}")),
    ("upper", removed(r"[\p{Lu}\p{Lt}]")), ("lower", removed(r"\p{Ll}")), ("white", lambda s: not pre.WhitespaceSplit().pre_tokenize_str(s)),
    ("numeric", cuts(pre.Digits(individual_digits=True))), ("punctuation", cuts(pre.Punctuation())), ("control", becomes(clean, "")),
    ("clean_space", becomes(clean, " ")), ("nonspacing", becomes(accents, "")), ("combining", becomes(normalizers.StripAccents(), "")),
    ("word", lambda s: len(words.pre_tokenize_str("a" + s)) == 1 and len(words.pre_tokenize_str(s)) == 1),
]


def leb(n):
    out = bytearray()
    while n > 127: out.append(n & 127 | 128); n >>= 7
    out.append(n)
    return bytes(out)


def runs(values):
    out, start = [], 0
    for i in range(1, len(values) + 1):
        if i == len(values) or values[i] != values[start]:
            out += [leb(i - start), leb(values[start])]
            start = i
    return leb(len(out) // 2) + b"".join(out)


def flags():
    values = [0] * LAST
    for bit, (name, test) in enumerate(FLAGS):
        for c in POINTS: values[c] |= test(chr(c)) << bit
        print(name, sum(v >> bit & 1 for v in values), flush=True)
    # A character is a mark that accents lose only if it is one itself, not if its decomposition is made of them: only those that stay themselves.
    return values


def scripts():
    splitter, values, found = pre.UnicodeScripts(), [0] * LAST, []
    same = lambda a, b: len(splitter.pre_tokenize_str(a + b)) == 1
    last = 0
    for c in POINTS:
        s = chr(c)
        # What belongs to no script goes with any: 0.
        if same("a", s) and same("я", s): continue
        if not (found and same(found[last], s)):
            last = next((i for i, other in enumerate(found) if same(other, s)), len(found))
            if last == len(found): found.append(s)
        values[c] = 1 + last
    print(len(found), "scripts", flush=True)
    return values


def classes():
    nfd, values = normalizers.NFD(), [0] * LAST
    for c in POINTS:
        combining = unicodedata.combining(chr(c))
        if combining and (c == 0x345 or nfd.normalize_str("\u0345" + chr(c))[0] == chr(c) or combining > 240): values[c] = combining
    print(sum(v > 0 for v in values), "combining classes", flush=True)
    return values


def mapping(entries):
    out, previous = [leb(len(entries))], 0
    for c, text in sorted(entries.items()):
        out += [leb(c - previous), leb(len(text))] + [leb(ord(t)) for t in text]
        previous = c
    return b"".join(out)


def mapped(normalizer, other=None):
    entries = {}
    for c in POINTS:
        if 0xAC00 <= c < 0xAC00 + 11172: continue
        text = normalizer.normalize_str(chr(c))
        if text != (other.normalize_str(chr(c)) if other else chr(c)): entries[c] = text
    print(len(entries), "mapped by", type(normalizer).__name__, flush=True)
    return entries


def compositions(canonical):
    nfc, out = normalizers.NFC(), []
    for c in sorted(canonical):
        parts = unicodedata.decomposition(chr(c)).split()
        if len(parts) != 2 or parts[0].startswith("<"): continue
        a, b = (chr(int(p, 16)) for p in parts)
        if nfc.normalize_str(a + b) == chr(c): out.append(leb(ord(a)) + leb(ord(b)) + leb(c))
    print(len(out), "compositions", flush=True)
    return leb(len(out)) + b"".join(out)


canonical = mapped(normalizers.NFD())
content = runs(flags()) + runs(scripts()) + runs(classes()) + mapping(canonical) + mapping(mapped(normalizers.NFKD(), normalizers.NFD()))
content += compositions(canonical) + mapping(mapped(normalizers.Lowercase()))
with open(sys.argv[1], "wb") as f: f.write(zlib.compress(content, 9))
print(len(content), "bytes,", len(zlib.compress(content, 9)), "compressed")
