"""What scripts beside this one share: the patterns of families, and the normalization tables of SentencePiece."""
import io

LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
CASED = [r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+", r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"]
ENDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
O200K = "|".join([CASED[0] + ENDS, CASED[1] + ENDS, r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])
BYTES = [f"<0x{b:02X}>" for b in range(256)]


def charsmap(lines, **rule):
    """SentencePiece's table for a normalization rule, out of a model trained with it: ModelProto.normalizer_spec is 3, precompiled_charsmap in it 2."""
    import sentencepiece
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(lines), model_writer=out, vocab_size=500, hard_vocab_limit=False, minloglevel=2, **rule)
    return field(field(out.getvalue(), 3), 2)


def field(message, wanted):
    """A field of bytes of a protocol buffer message."""
    at = 0
    def varint():
        nonlocal at
        value = shift = 0
        while True:
            b = message[at]; at += 1
            value |= (b & 127) << shift; shift += 7
            if b < 128: return value
    while at < len(message):
        key = varint()
        if key & 7 == 2:
            size = varint(); at += size
            if key >> 3 == wanted: return message[at - size:at]
        elif key & 7 == 5: at += 4
        elif key & 7 == 1: at += 8
        else: varint()
