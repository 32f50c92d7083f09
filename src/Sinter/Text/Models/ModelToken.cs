namespace Sinter.Text.Models;

/// <summary>A token of a piece and where it lies.</summary>
/// <param name="Id">The token's id.</param>
/// <param name="Start">Where it begins, in UTF-16 units of the piece.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct ModelToken(int Id, int Start, int End);
