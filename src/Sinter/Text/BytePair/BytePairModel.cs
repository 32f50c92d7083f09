using Sinter.Text.Normalizers;
using Sinter.Text.Patterns;

namespace Sinter.Text.BytePair;

/// <summary>What a byte-pair tokenizer knows, as its file holds it.</summary>
/// <param name="Vocabulary">The ids of byte strings; each of the 256 bytes is one.</param>
/// <param name="Merges">The merges; each part and result is in the vocabulary.</param>
/// <param name="AddedTokens">The tokens found in the text as they are.</param>
/// <param name="Pattern">How the text is cut into words.</param>
/// <param name="IgnoreMerges">Whether a word that is itself a token is that token, whatever the merges make of it.</param>
/// <param name="AddPrefixSpace">Whether a text that begins with none gets a space in front.</param>
/// <param name="Normalizer">Changes the text first; null if it stays as it is.</param>
internal sealed record BytePairModel(Dictionary<byte[], int> Vocabulary, MergeTable Merges, IReadOnlyList<AddedToken> AddedTokens,
    SplitPattern Pattern, bool IgnoreMerges = false, bool AddPrefixSpace = false, INormalizer? Normalizer = null)
{
    /// <summary>One more than the largest id.</summary>
    public int Size { get; } = 1 + Math.Max(Vocabulary.Count == 0 ? -1 : Vocabulary.Values.Max(), AddedTokens.Count == 0 ? -1
        : AddedTokens.Max(t => t.Id));
}
