namespace Sinter.Tests.Text.Soak;

/// <summary>Characters by what they do to tokenizers: ranges of code points, first and last, and texts.</summary>
internal static class Alphabets
{
    /// <summary>Letters and marks of scripts.</summary>
    public static readonly (int First, int Last)[] Scripts =
    [
        (0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xFF), (0x100, 0x17F), (0x180, 0x24F), (0x250, 0x2AF), (0x2B0, 0x2FF), (0x370, 0x3FF), (0x400, 0x4FF),
        (0x500, 0x52F), (0x531, 0x58A), (0x591, 0x5F4), (0x610, 0x6FF), (0x700, 0x74F), (0x780, 0x7B1), (0x7C0, 0x7FA), (0x800, 0x82D), (0x8A0, 0x8FF),
        (0x900, 0x97F), (0x980, 0x9FE), (0xA01, 0xA76), (0xA81, 0xAFF), (0xB01, 0xB77), (0xB82, 0xBFA), (0xC00, 0xC7F), (0xC80, 0xCF2), (0xD00, 0xD7F),
        (0xD81, 0xDF4), (0xE01, 0xE5B), (0xE81, 0xEDF), (0xF00, 0xFDA), (0x1000, 0x109F), (0x10A0, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x137C),
        (0x13A0, 0x13FD), (0x1400, 0x167F), (0x1680, 0x169C), (0x16A0, 0x16F8), (0x1780, 0x17F9), (0x1800, 0x18AA), (0x1900, 0x194F), (0x1A00, 0x1AAD),
        (0x1B00, 0x1B7E), (0x1B80, 0x1BBF), (0x1C00, 0x1C7F), (0x1C80, 0x1CBF), (0x1D00, 0x1DBF), (0x1E00, 0x1EFF), (0x1F00, 0x1FFE), (0x2C00, 0x2C5F),
        (0x2C80, 0x2CFF), (0x2D30, 0x2D7F), (0x2DE0, 0x2DFF), (0x3041, 0x3096), (0x30A1, 0x30FA), (0x3105, 0x312F), (0x3131, 0x318E), (0x3400, 0x4DBF),
        (0x4E00, 0x9FFF), (0xA000, 0xA48C), (0xA4D0, 0xA62B), (0xA640, 0xA69F), (0xA720, 0xA7FF), (0xA800, 0xA82C), (0xA880, 0xA8D9), (0xA960, 0xA97C),
        (0xAA00, 0xAADF), (0xAB30, 0xAB6B), (0xAB70, 0xABBF), (0xAC00, 0xD7A3), (0xD7B0, 0xD7FB), (0xF900, 0xFAD9), (0xFB00, 0xFB4F), (0xFB50, 0xFDFF),
        (0xFE70, 0xFEFC), (0xFF21, 0xFF5A), (0xFF66, 0xFFDC), (0x10000, 0x100FA), (0x10280, 0x1031F), (0x10330, 0x1034A), (0x10400, 0x1049D),
        (0x10900, 0x1091F), (0x10A00, 0x10A48), (0x10C80, 0x10CF2), (0x11000, 0x110C2), (0x11100, 0x11147), (0x11600, 0x11659), (0x118A0, 0x118F2),
        (0x12000, 0x1236E), (0x13000, 0x1342F), (0x16A40, 0x16A6F), (0x16E40, 0x16E9A), (0x17000, 0x187F7), (0x1B000, 0x1B122), (0x1BC00, 0x1BC99),
        (0x1D400, 0x1D7CB), (0x1E100, 0x1E149), (0x1E800, 0x1E8D6), (0x1E900, 0x1E959), (0x1EE00, 0x1EEF1), (0x20000, 0x2A6DF), (0x2A700, 0x2EBE0),
        (0x2F800, 0x2FA1D), (0x30000, 0x3134A),
    ];

    /// <summary>Marks that combine with what is before them.</summary>
    public static readonly (int First, int Last)[] Marks =
    [
        (0x300, 0x36F), (0x300, 0x315), (0x483, 0x489), (0x591, 0x5BD), (0x64B, 0x65F), (0x93A, 0x94F), (0xE31, 0xE3A), (0x1AB0, 0x1ACE), (0x1DC0, 0x1DFF),
        (0x20D0, 0x20F0), (0x302A, 0x302F), (0x3099, 0x309A), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0x1D165, 0x1D169), (0x1E8D0, 0x1E8D6), (0xE0100, 0xE01EF),
    ];

    /// <summary>Numbers of every kind.</summary>
    public static readonly (int First, int Last)[] Numbers =
    [
        (0x30, 0x39), (0x30, 0x39), (0x30, 0x39), (0xB2, 0xB3), (0xBC, 0xBE), (0x660, 0x669), (0x6F0, 0x6F9), (0x966, 0x96F), (0xBF0, 0xBF2), (0xE50, 0xE59),
        (0xF20, 0xF33), (0x1369, 0x137C), (0x2070, 0x2079), (0x2150, 0x218B), (0x2460, 0x249B), (0x3007, 0x3007), (0x3021, 0x3029), (0x3220, 0x3229),
        (0x3280, 0x32B0), (0xFF10, 0xFF19), (0x10107, 0x10133), (0x104A0, 0x104A9), (0x1D7CE, 0x1D7FF), (0x1F100, 0x1F10C), (0x1FBF0, 0x1FBF9),
    ];

    /// <summary>Punctuation and symbols.</summary>
    public static readonly (int First, int Last)[] Signs =
    [
        (0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E), (0xA1, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7), (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20C0),
        (0x2100, 0x214F), (0x2190, 0x23FF), (0x2500, 0x25FF), (0x2768, 0x2775), (0x27C0, 0x2BFF), (0x2E00, 0x2E5D), (0x3001, 0x303F), (0x30A0, 0x30A0),
        (0x30FB, 0x30FC), (0xFD3E, 0xFD3F), (0xFE10, 0xFE6B), (0xFF01, 0xFF0F), (0xFF5B, 0xFF65), (0x10100, 0x10102), (0x1D100, 0x1D1EA), (0x1F000, 0x1F0F5),
    ];

    /// <summary>Pictures.</summary>
    public static readonly (int First, int Last)[] Pictures =
        [(0x1F300, 0x1F5FF), (0x1F600, 0x1F64F), (0x1F680, 0x1F6FC), (0x1F900, 0x1F9FF), (0x1FA70, 0x1FAF8), (0x2600, 0x26FF), (0x2702, 0x27B0), (0x1F1E6, 0x1F1FF)];

    /// <summary>Controls, formats, what is private, and what is no character.</summary>
    public static readonly (int First, int Last)[] Controls =
    [
        (0, 0x1F), (0, 0), (0x7F, 0x9F), (0xAD, 0xAD), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x180B, 0x180F), (0x200B, 0x200F),
        (0x202A, 0x202E), (0x2060, 0x206F), (0xFDD0, 0xFDEF), (0xFEFF, 0xFEFF), (0xFFF0, 0xFFFF), (0xE000, 0xF8FF), (0x110BD, 0x110BD), (0x1D173, 0x1D17A),
        (0x1FFFE, 0x1FFFF), (0xE0001, 0xE007F), (0xF0000, 0xF00FF), (0x10FFFE, 0x10FFFF),
    ];

    /// <summary>White space, usual and odd, and what only looks like it.</summary>
    public static readonly string[] Spaces =
    [
        " ", " ", " ", "  ", "   ", "        ", "\t", "\t\t", "\n", "\n\n", "\r\n", "\r", " \n", "\n ", "\v", "\f", "\u001c", "\u001d", "\u001e", "\u001f", "\u0085",
        "\u00a0", "\u1680", "\u180e", "\u2000", "\u2003", "\u2009", "\u200a", "\u200b", "\u2028", "\u2029", "\u202f", "\u205f", "\u2060", "\u3000", "\ufeff", " \u00a0 ",
    ];

    /// <summary>What changes length, case or order when text is normalized.</summary>
    public static readonly string[] Unstable =
    [
        "ﬁ", "ﬄ", "ß", "ẞ", "İ", "I\u0307", "ı", "i̇", "ſ", "Σ", "ς", "ΑΣ", "ΑΣ.", "Ω", "K", "Å", "ǅ", "Ǆ", "ǰ", "ΐ", "ŉ", "և", "ﬓ", "ﷺ", "㍿", "㌀", "①", "㈱",
        "½", "²", "ª", "™", "ｶﾞ", "ﾊﾟ", "が", "か\u3099", "각", "\u1100\u1161\u11a8", "\u1100\u1161", "가\u11a8", "\uF900", "\U0002F800", "\u0958", "\u0f73", "\u2adc",
        "\U0001D15E", "é", "e\u0301", "e\u0323\u0301", "e\u0301\u0323", "ạ\u0302", "ậ", "\u0344", "\u0340", "\u1e9b\u0323", "Ⓐ", "ⅷ", "Ⅷ", "ა", "Ა", "Ꭰ", "ꭰ",
        "𐐀", "𐐨", "𞤀", "Ⴀ", "ⴀ", "Ꙁ", "Ɐ", "Å\u0327", "\u0387", "\u2024", "\u2026", "\ufe52", "\uff0e", "\u00b5", "\u03d2\u0308", "\u1fed", "`", "´", "\u00a8", "¨\u0301",
    ];

    /// <summary>Texts of special tokens, whole, cut and changed.</summary>
    public static readonly string[] Specials =
    [
        "<|endoftext|>", "<|endoftext", "<|endoftext|", "<|ENDOFTEXT|>", "<| endoftext |>", "<|begin|>", "<tool>", "<tool>x", "<|im_start|>", "<|im_end|>",
        "<|begin_of_text|>", "<|eot_id|>", "<s>", "</s>", "<S>", "<unk>", "<pad>", "<mask>", " <mask>", "<mask> ", "[MASK]", "[mask]", "[ MASK ]", "[CLS]", "[SEP]",
        "[PAD]", "[UNK]", "[UNK", "UNK]", "<0x41>", "<0xE2>", "<0x0A>", "<0xG0>", "<0x00>", "▁", "▁▁", "▁the", "Ġ", "Ġthe", "Ċ", "##", "##s", "##ing", "</w>", "the</w>",
        "<start_of_turn>", "<bos>", "<eos>", "<extra_id_0>", "<|user|>", "[INST]", "[/INST]", "\ufffd", "@@", "_",
    ];

    /// <summary>Parts of programs and of markup.</summary>
    public static readonly string[] Code =
    [
        "for (int i = 0; i < n; i++) {", "return x[i];", "    ", "\t", "\n", "}\n", "});", "=>", "!=", "==", "&&", "||", "::", "->", "...", "//", "/* */", "#include <a.h>",
        "System.Collections.Generic.List<string>", "camelCaseName", "snake_case_name", "SCREAMING_CASE", "x1", "0xFF", "1e-5", "3.14159f", "\"text\"", "'c'", "$\"{a}\"",
        "def f(self, *args):", "lambda x: x+1", "if __name__ == \"__main__\":", "<p class=\"a\">", "</p>", "&amp;", "https://example.org/a?b=c&d=%20", "a@b.example", "C:\\dir\\f.txt",
        "[1, 2, 3]", "{\"a\": null}", "-- comment", "SELECT * FROM t;", "\\u0041", "\\n", "###", "```", "---", "===", "____", "1,000,000.00", "2024-02-30T23:59:60Z", "v1.2.3-rc.4",
    ];

    /// <summary>Words and their endings, as English has them.</summary>
    public static readonly string[] Words =
    [
        "the", "The", "THE", "then", "there", "a", "an", "of", "and", "tokenizer", "tokenization", "unbelievable", "don't", "DON'T", "it's", "we'll", "they're", "I'm", "you've",
        "he'd", "don’t", "'tis", "rock'n'roll", "naïve", "café", "Zürich", "Straße", "co-operate", "e.g.", "U.S.A.", "Mr.", "x", "aaaa", "abab", "ababab", "zebra", "hello", "world",
        "'s", "'S", "'ll", "'LL", "'\u017f", "''", "s'", "\"quoted\"", "(so)", "what?!", "no...", "yes;", "n't", "do not", " .", " ,", " !", " ?", " 's", " n't", " 'm",
    ];
}
