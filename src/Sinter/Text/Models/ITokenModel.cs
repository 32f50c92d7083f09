namespace Sinter.Text.Models;

/// <summary>The model of a tokenizer: what makes tokens out of a piece of normalized text. Immutable, so that threads share it.</summary>
internal interface ITokenModel
{
    /// <summary>One more than the largest id.</summary>
    int Size { get; }

    /// <summary>The id of a token as the vocabulary writes it.</summary>
    bool TryGetId(ReadOnlySpan<char> token, out int id);

    /// <summary>The token of an id, as the vocabulary writes it; empty where no token has the id.</summary>
    string TokenOf(int id);

    /// <summary>Appends the tokens of a piece, in order.</summary>
    /// <exception cref="SinterException">The piece holds what the model has no token for, and it has no unknown token.</exception>
    void Tokenize(ReadOnlySpan<char> piece, List<ModelToken> into);
}
