using Sinter.Text.Normalizers;
using Sinter.Text.Patterns;

namespace Sinter.Text.PreTokenizers;

/// <summary>Before which pieces <c>Metaspace</c> puts its sign.</summary>
internal enum PrependScheme
{
    /// <summary>Before that at the text's start.</summary>
    First,
    /// <summary>Before none.</summary>
    Never,
    /// <summary>Before each.</summary>
    Always,
}

/// <summary><c>Metaspace</c>: writes spaces as a sign, as SentencePiece does, and cuts before each.</summary>
/// <param name="sign">The sign, one code point.</param>
/// <param name="scheme">Before which pieces the sign comes that do not begin with it.</param>
/// <param name="cut">Whether to cut.</param>
internal sealed class MetaspacePreTokenizer(string sign, PrependScheme scheme, bool cut) : IPreTokenizer
{
    private static readonly ITextPattern Space = new LiteralPattern(" ");

    private readonly ReplaceNormalizer _spaces = new ReplaceNormalizer(Space, sign);
    private readonly ITextPattern _sign = new LiteralPattern(sign);

    /// <inheritdoc/>
    public bool NeedsOrigins => scheme == PrependScheme.First;

    /// <inheritdoc/>
    public void Cut(PieceList pieces)
    {
        pieces.Change(text =>
        {
            if (text.Text.Contains(' ')) _spaces.Normalize(text);
            bool first = scheme == PrependScheme.Always || scheme == PrependScheme.First && text.OriginalStart == 0;
            if (first && !text.Text.StartsWith(sign, StringComparison.Ordinal)) text.Prepend(sign);
        });
        if (cut) pieces.Split(_sign, SplitBehavior.MergedWithNext);
    }
}
