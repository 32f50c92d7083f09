namespace Sinter.Text.Chat;

/// <summary>The tokens of a text, and where in it each begins and ends.</summary>
/// <param name="Ids">The tokens.</param>
/// <param name="Starts">Where each begins, in UTF-16 units.</param>
/// <param name="Ends">Where each ends; a part of a character ends where that does.</param>
internal sealed record PlacedTokens(int[] Ids, int[] Starts, int[] Ends)
{
    /// <summary>Encodes a text as it is: nothing around it, nothing cut.</summary>
    public static PlacedTokens Of(ITokenizer tokenizer, string text)
    {
        var encoding = tokenizer.Encode(text, addSpecialTokens: false, maxLength: int.MaxValue);
        int[] places = [.. Enumerable.Range(0, encoding.Count).Where(i => encoding.AttentionMask[i])], characters = Characters(text);
        return new([.. places.Select(i => encoding.Ids[i])], [.. places.Select(i => characters[encoding.Offsets[i].Start])], [.. places.Select(i => characters[encoding.Offsets[i].End])]);
    }

    /// <summary>Where each code point begins, and where the text ends.</summary>
    private static int[] Characters(string text)
    {
        List<int> starts = [];
        for (int at = 0; at < text.Length; at += char.IsSurrogatePair(text, at) ? 2 : 1) starts.Add(at);
        return [.. starts, text.Length];
    }
}
