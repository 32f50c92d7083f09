using Sinter.Text.Characters;

namespace Sinter.Text.Normalizers;

/// <summary><c>StripAccents</c>: takes combining marks away, without decomposing anything.</summary>
internal sealed class FilterNormalizer(CharFlags removed) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(NormalizedText text) => text.Replace(removed, static (_, _) => { });
}
