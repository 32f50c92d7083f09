namespace Sinter.Text.Models;

/// <summary>A token of a unigram vocabulary.</summary>
/// <param name="Token">Its text.</param>
/// <param name="Score">The natural logarithm of its probability.</param>
internal readonly record struct UnigramPiece(string Token, double Score);
