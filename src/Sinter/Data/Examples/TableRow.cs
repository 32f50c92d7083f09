namespace Sinter.Data.Examples;

/// <summary>The wanted columns of a row.</summary>
/// <param name="Line">The line that it begins in, from 1.</param>
/// <param name="Cells">By column, its texts: one, or those of a list; null where the row has none.</param>
internal readonly record struct TableRow(long Line, string[]?[] Cells);
