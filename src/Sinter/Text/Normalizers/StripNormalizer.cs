using Sinter.Text.Characters;

namespace Sinter.Text.Normalizers;

/// <summary><c>Strip</c>: takes white space off the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    /// <inheritdoc/>
    public void Normalize(NormalizedText text)
    {
        int start = 0, end = text.Length;
        // All white space lies in the basic plane.
        while (left && start < end && CharTable.Is(text.Text[start], CharFlags.White)) start++;
        while (right && end > start && CharTable.Is(text.Text[end - 1], CharFlags.White)) end--;
        text.Trim(start, end);
    }
}
