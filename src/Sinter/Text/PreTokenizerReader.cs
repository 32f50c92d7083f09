namespace Sinter.Text;

/// <summary>Recognizes the pre-tokenizers whose cuts <see cref="WordSplitter"/> makes.</summary>
internal static class PreTokenizerReader
{
    /// <summary>The pattern of a <c>ByteLevel</c>, or of a <c>Sequence</c> of a <c>Split</c> and a <c>ByteLevel</c> that cuts no more.</summary>
    public static SplitPattern Read(JsonNodeReader node)
    {
        string type = node.OptionalString("type") ?? "?";
        if (type == "ByteLevel") return ReadByteLevel(node);
        if (type != "Sequence") throw node.Unsupported("type", type, "ByteLevel is, and a Sequence of Split and ByteLevel");
        JsonNodeReader[] parts = [.. node.Array("pretokenizers")];
        if (parts.Length == 1) return Read(parts[0]);
        if (parts.Length != 2 || parts[0].OptionalString("type") != "Split" || parts[1].OptionalString("type") != "ByteLevel")
            throw node.Unsupported("pretokenizers", string.Join(", ", parts.Select(p => p.OptionalString("type") ?? "?")), "Split, ByteLevel is");
        SplitPattern pattern = ReadSplit(parts[0]);
        if (ReadByteLevel(parts[1]) != SplitPattern.None) throw parts[1].Unsupported("use_regex", "true", "false is, after a Split");
        return pattern;
    }

    private static SplitPattern ReadByteLevel(JsonNodeReader node)
    {
        if (node.Bool("add_prefix_space", missing: true)) throw node.Unsupported("add_prefix_space", "true", "false is");
        return node.Bool("use_regex", missing: true) ? SplitPattern.Gpt2 : SplitPattern.None;
    }

    private static SplitPattern ReadSplit(JsonNodeReader node)
    {
        string behavior = node.OptionalString("behavior") ?? "?";
        if (behavior != "Isolated") throw node.Unsupported("behavior", behavior, "Isolated is");
        if (node.Bool("invert")) throw node.Unsupported("invert", "true", "false is");
        JsonNodeReader pattern = node.Object("pattern");
        string regex = pattern.OptionalString("Regex") ?? throw pattern.Error("expected a Regex");
        return regex switch
        {
            WordSplitter.Llama3Regex => SplitPattern.Llama3,
            WordSplitter.SingleDigitsRegex => SplitPattern.SingleDigits,
            WordSplitter.Gpt2Regex => SplitPattern.Gpt2,
            _ => throw pattern.Unsupported("Regex", $"the pattern {regex}", "those of GPT-2, Llama 3 and Qwen 2 are"),
        };
    }
}
