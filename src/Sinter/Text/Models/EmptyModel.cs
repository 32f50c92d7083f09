namespace Sinter.Text.Models;

/// <summary>Has no tokens: stands where the model is not yet read.</summary>
internal sealed class EmptyModel : ITokenModel
{
    /// <summary>There is only one.</summary>
    public static readonly EmptyModel Instance = new();

    private EmptyModel() { }

    /// <inheritdoc/>
    public int Size => 0;

    /// <inheritdoc/>
    public bool TryGetId(ReadOnlySpan<char> token, out int id)
    {
        id = -1;
        return false;
    }

    /// <inheritdoc/>
    public string TokenOf(int id) => "";

    /// <inheritdoc/>
    public void Tokenize(ReadOnlySpan<char> piece, List<ModelToken> into) { }
}
