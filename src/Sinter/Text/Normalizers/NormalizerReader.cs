using Sinter.Text.Characters;
using Sinter.Text.Json;
using Sinter.Text.Patterns;

namespace Sinter.Text.Normalizers;

/// <summary>Reads <c>normalizer</c>.</summary>
internal static class NormalizerReader
{
    /// <summary>Reads a normalizer; refuses what is not supported by its name.</summary>
    public static INormalizer Read(JsonNodeReader node) => node.OptionalString("type") switch
    {
        "NFC" => new UnicodeNormalizer(compatibility: false, compose: true),
        "NFD" => new UnicodeNormalizer(compatibility: false, compose: false),
        "NFKC" => new UnicodeNormalizer(compatibility: true, compose: true),
        "NFKD" => new UnicodeNormalizer(compatibility: true, compose: false),
        "Lowercase" => new LowercaseNormalizer(),
        "Strip" => new StripNormalizer(node.Bool("strip_left"), node.Bool("strip_right")),
        "StripAccents" => new FilterNormalizer(CharFlags.Combining),
        "Nmt" => new NmtNormalizer(),
        "Replace" => new ReplaceNormalizer(PatternReader.Read(node), node.OptionalString("content") ?? throw node.Error("'content' is missing")),
        "Prepend" => new PrependNormalizer(node.OptionalString("prepend") ?? throw node.Error("'prepend' is missing")),
        "ByteLevel" => new ByteLevelNormalizer(),
        "Precompiled" => new PrecompiledNormalizer(ReadMap(node)),
        "BertNormalizer" or "Bert" => new BertNormalizer(node.Bool("clean_text", missing: true), node.Bool("handle_chinese_chars", missing: true),
            node.Bool("strip_accents", node.Bool("lowercase", missing: true)), node.Bool("lowercase", missing: true)),
        "Sequence" => new NormalizerSequence([.. node.Array("normalizers").Select(Read)]),
        var type => throw node.Unsupported("type", type ?? "null", "NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Nmt, Replace, Prepend, ByteLevel, "
            + "Precompiled, BertNormalizer, Sequence are"),
    };

    private static CharsMap ReadMap(JsonNodeReader node)
    {
        string text = node.OptionalString("precompiled_charsmap") ?? throw node.Error("'precompiled_charsmap' is missing");
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) && CharsMap.Read(bytes.AsSpan(0, length)) is { } map
            ? map : throw node.Error("precompiled_charsmap: it is no map of SentencePiece");
    }
}
