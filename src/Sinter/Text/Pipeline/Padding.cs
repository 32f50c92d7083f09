using Sinter.Text.Json;

namespace Sinter.Text.Pipeline;

/// <summary>Fills up what is too short.</summary>
/// <param name="Length">To how many tokens; 0 for as many as there are.</param>
/// <param name="Id">The token.</param>
/// <param name="TypeId">Its segment.</param>
/// <param name="MultipleOf">The length becomes a multiple of it.</param>
/// <param name="Left">Whether the padding comes before the text.</param>
internal sealed record Padding(int Length, int Id, int TypeId, int MultipleOf, bool Left)
{
    private const int Longest = 1 << 20;

    /// <summary>Reads <c>padding</c>.</summary>
    public static Padding Read(JsonNodeReader node)
    {
        JsonNodeReader? strategy = node.Optional("strategy");
        int length = 0;
        if (strategy is { IsString: true } name && name.String() != "BatchLongest") throw node.Unsupported("strategy", name.Raw, "BatchLongest and Fixed are");
        if (strategy is { IsString: false }) length = strategy.Optional("Fixed")?.Int(0, Longest) ?? throw node.Unsupported("strategy", strategy.Raw, "Fixed is");
        int id = node.Optional("pad_id")?.Int(0, TokenizerJsonReader.LargestVocabulary - 1) ?? 0;
        return new(length, id, node.Int("pad_type_id", 0), node.Optional("pad_to_multiple_of")?.Int(0, Longest) ?? 0, Truncation.IsLeft(node));
    }

    /// <summary>The padding tokens that <paramref name="count"/> tokens get.</summary>
    public int Missing(int count)
    {
        int length = Length > 0 ? Length : count;
        if (MultipleOf > 0 && length % MultipleOf > 0) length += MultipleOf - length % MultipleOf;
        return Math.Max(0, length - count);
    }
}
