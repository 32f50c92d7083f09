namespace Sinter.Options;

/// <summary>Where a value was written: a place in a file (lines and columns count from 1), or a <c>--set</c> on the command line (line 0).</summary>
/// <param name="Source">The file's name as the user gave it, or the whole <c>--set a.b=c</c>.</param>
/// <param name="Line">The line, or 0 for a <c>--set</c>.</param>
/// <param name="Column">The column, or 0.</param>
/// <param name="Folder">The folder that relative paths in the value start from.</param>
internal readonly record struct OptionMark(string Source, long Line, long Column, string Folder)
{
    /// <summary>Whether the value came from the command line.</summary>
    public bool IsOverride => Line == 0;

    /// <inheritdoc/>
    public override string ToString() => IsOverride ? Source : $"{Source}:{Line}:{Column}";
}
