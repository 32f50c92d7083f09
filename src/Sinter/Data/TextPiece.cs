using Sinter.Text.Patterns;

namespace Sinter.Data;

/// <summary>
/// A stretch of a document. Long documents come in several pieces, cut between a letter or digit and a line feed, where every pattern of
/// <see cref="SplitPattern"/> cuts too, so that the pieces' tokens are the document's.
/// </summary>
/// <param name="Text">The text.</param>
/// <param name="StartsDocument">Whether a document begins here.</param>
public readonly record struct TextPiece(ReadOnlyMemory<char> Text, bool StartsDocument);
