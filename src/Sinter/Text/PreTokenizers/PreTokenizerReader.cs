using Sinter.Text.Characters;
using Sinter.Text.Json;
using Sinter.Text.Patterns;

namespace Sinter.Text.PreTokenizers;

/// <summary>Reads <c>pre_tokenizer</c>.</summary>
internal static class PreTokenizerReader
{
    /// <summary>Reads a pre-tokenizer; refuses what is not supported by its name.</summary>
    public static IPreTokenizer Read(JsonNodeReader node) => node.OptionalString("type") switch
    {
        "ByteLevel" => new ByteLevelPreTokenizer(node.Bool("add_prefix_space", missing: true), node.Bool("use_regex", missing: true)),
        "Whitespace" => new SplitPreTokenizer(new WhitespacePattern(), SplitBehavior.Removed, invert: true),
        "WhitespaceSplit" => White(),
        "BertPreTokenizer" => new PreTokenizerSequence([White(), new SplitPreTokenizer(new CharPattern(CharFlags.Punctuation), SplitBehavior.Isolated)]),
        "Metaspace" => new MetaspacePreTokenizer(node.CodePoint("replacement"), MetaspaceReader.Scheme(node), node.Bool("split", missing: true)),
        "Digits" => new SplitPreTokenizer(new CharPattern(CharFlags.Numeric),
            node.Bool("individual_digits") ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "Punctuation" => new SplitPreTokenizer(new CharPattern(CharFlags.Punctuation), Behavior(node, SplitBehavior.Isolated)),
        "Split" => new SplitPreTokenizer(PatternReader.Read(node), Behavior(node, missing: null), node.Bool("invert")),
        "Delimiter" or "CharDelimiterSplit" => new SplitPreTokenizer(new LiteralPattern(node.CodePoint("delimiter")), SplitBehavior.Removed),
        "UnicodeScripts" => new ScriptPreTokenizer(),
        "FixedLength" => new FixedLengthPreTokenizer(Math.Max(1, node.Int("length", 5))),
        "Sequence" => new PreTokenizerSequence([.. node.Array("pretokenizers").Select(Read)]),
        var type => throw node.Unsupported("type", type ?? "null", "ByteLevel, Whitespace, WhitespaceSplit, BertPreTokenizer, Metaspace, Digits, Punctuation, "
            + "Split, CharDelimiterSplit, UnicodeScripts, FixedLength, Sequence are"),
    };

    private static SplitPreTokenizer White() => new(new CharPattern(CharFlags.White), SplitBehavior.Removed);

    private static SplitBehavior Behavior(JsonNodeReader node, SplitBehavior? missing) => node.OptionalString("behavior") switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        null when missing is { } behavior => behavior,
        var other => throw node.Unsupported("behavior", other ?? "null", "Removed, Isolated, MergedWithPrevious, MergedWithNext and Contiguous are"),
    };
}
