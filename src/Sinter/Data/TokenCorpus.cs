using Sinter.Text;

namespace Sinter.Data;

/// <summary>
/// The tokens to train on and to validate with, and the tokenizer that made them. The tokens lie in a mapped file; dispose to give it back.
/// </summary>
public sealed class TokenCorpus : IDisposable
{
    private readonly TokenFile _file;
    private readonly bool _temporary;

    internal TokenCorpus(TokenFile file, ITokenizer tokenizer, bool temporary)
    {
        (_file, Tokenizer, _temporary) = (file, tokenizer, temporary);
    }

    /// <summary>Where the tokens lie.</summary>
    internal string FilePath => _file.Path;

    /// <summary>The tokenizer.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The training tokens.</summary>
    public TokenArray Train => _file.Train;

    /// <summary>The validation tokens.</summary>
    public TokenArray Validation => _file.Validation;

    /// <summary>The UTF-8 bytes of the training text.</summary>
    public long TrainBytes => _file.Header.TrainBytes;

    /// <summary>The UTF-8 bytes of the validation text: bits per byte are the summed loss in nats ÷ ln 2 ÷ these.</summary>
    public long ValidationBytes => _file.Header.ValidationBytes;

    /// <summary>The SHA-256, in hexadecimal, of the content of all sources and the settings that decide the tokens.</summary>
    public string ContentHash => Convert.ToHexStringLower(_file.Header.ContentHash);

    /// <summary>Refuses parts that do not fill one context.</summary>
    /// <param name="contextLength">The tokens of a window.</param>
    /// <exception cref="DataException">A part has fewer tokens than a window and the one after it.</exception>
    public void Require(int contextLength)
    {
        Require(Train, "training", "give more text", contextLength);
        Require(Validation, "validation", "give more text or raise data.validation_fraction", contextLength);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        string folder = Path.GetDirectoryName(FilePath)!;
        if (_temporary && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    private static void Require(TokenArray part, string name, string remedy, int contextLength)
    {
        if (part.Length < contextLength + 1L)
            throw new DataException($"the {name} part has {part.Length} tokens, and a context of {contextLength} needs at least "
                + $"{contextLength + 1L}; {remedy}, or lower model.context_length");
    }
}
