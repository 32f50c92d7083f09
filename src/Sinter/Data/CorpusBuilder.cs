using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Sinter.Text;

namespace Sinter.Data;

/// <summary>
/// Makes a <see cref="TokenCorpus"/> of what <see cref="DataOptions"/> name, or finds the one made before from the same content and settings. The
/// tokenizer is trained on the training part alone, save that the alphabet of characters is that of the whole text.
/// </summary>
public static class CorpusBuilder
{
    /// <summary>Trains the tokenizer and encodes both parts.</summary>
    /// <param name="options">What to read, how to split it, which tokenizer.</param>
    /// <param name="baseFolder">What relative paths are relative to.</param>
    /// <param name="logger">Hears warnings and explanations.</param>
    /// <param name="progress">Hears what is being done and the share done.</param>
    /// <param name="cancellation">Stops the work; nothing half done stays.</param>
    /// <exception cref="DataException">A source can't be read, or is no text; the message says which and where.</exception>
    /// <exception cref="RecipeException">An option is out of range.</exception>
    public static TokenCorpus Build(DataOptions options, string baseFolder, ILogger? logger = null,
        IProgress<(string What, double? Done)>? progress = null, CancellationToken cancellation = default) =>
        Build(options, tokenizer: null, baseFolder, logger, progress, cancellation);

    /// <summary>
    /// Encodes both parts with a tokenizer that exists, such as a pretrained model's; <see cref="DataOptions.Tokenizer"/> is not looked at.
    /// </summary>
    /// <inheritdoc cref="Build(DataOptions, string, ILogger?, IProgress{ValueTuple{string, double?}}?, CancellationToken)"/>
    public static TokenCorpus Build(DataOptions options, ITokenizer? tokenizer, string baseFolder, ILogger? logger = null,
        IProgress<(string What, double? Done)>? progress = null, CancellationToken cancellation = default)
    {
        if (!(options.ValidationFraction is > 0 and < 1))
            throw new RecipeException($"data.validation_fraction: {options.ValidationFraction} is out of range; give a number above 0 and below 1");
        if (tokenizer is null) Tokenizers.Validate(options.Tokenizer);
        return Build(options, options.ValidationFraction, tokenizer, TokenCache.Default, baseFolder, new(logger, progress), cancellation);
    }

    /// <summary>Encodes all of a text as validation part, with a model's tokenizer.</summary>
    /// <param name="text">Files, folders, globs or built-in sources.</param>
    /// <param name="column">The field of a <c>.jsonl</c> line.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="baseFolder">What relative paths are relative to.</param>
    /// <param name="logger">Hears warnings and explanations.</param>
    /// <param name="progress">Hears what is being done and the share done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="DataException">A source can't be read, or is no text, or has a character outside the vocabulary.</exception>
    public static TokenCorpus BuildForEvaluation(IReadOnlyList<string> text, string column, ITokenizer tokenizer, string baseFolder,
        ILogger? logger = null, IProgress<(string What, double? Done)>? progress = null, CancellationToken cancellation = default) =>
        Build(new() { Text = text, Column = column }, 1, tokenizer, TokenCache.Default, baseFolder, new(logger, progress), cancellation);

    internal static TokenCorpus Build(DataOptions options, double fraction, ITokenizer? tokenizer, TokenCache cache, string baseFolder,
        CorpusReport report, CancellationToken cancellation)
    {
        report.Progress("reading text");
        IReadOnlyList<TextSource> sources = TextSources.Find(options.Text, options.Column, fraction, baseFolder, report.Warn);
        byte[] content = Hash(sources, options.Tokenizer, tokenizer, cancellation);
        CorpusWriter writer = new(sources, options.Tokenizer, tokenizer, content, report, cancellation);
        (TokenFile file, bool temporary) = Open(cache, $"{Convert.ToHexStringLower(content)}-{TokenFileHeader.Version}", Write, report, cancellation);
        if (file.Header.TrainTokens + file.Header.ValidationTokens > 0) return new(file, tokenizer ?? Tokenizers.Read(file.Tokenizer, file.Path), temporary);
        file.Dispose();
        throw new DataException($"data.text: {Names(sources)}: there is no text in it; give files with text");

        void Write(FileStream stream)
        {
            writer.Write(stream);
            if (!Hash(sources, options.Tokenizer, tokenizer, cancellation).AsSpan().SequenceEqual(content))
                throw new DataException($"data.text: {Names(sources)}: the text changed while it was read; start again when it is complete");
        }
    }

    private static string Names(IReadOnlyList<TextSource> sources) => string.Join(", ", sources.Select(s => s.Name));

    private static (TokenFile File, bool Temporary) Open(TokenCache cache, string key, Action<FileStream> write, CorpusReport report,
        CancellationToken cancellation)
    {
        try
        {
            return (cache.GetOrAdd(key, write, report.Note, cancellation), false);
        }
        // A home that can't be written to is no reason not to train.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Warn($"tokens can't be kept in {cache.Folder} ({e.Message}); they go to a temporary file. "
                + $"Set {CacheFolder.Variable} to a folder with space");
            return (WriteTemporary(write, cancellation), true);
        }
    }

    private static TokenFile WriteTemporary(Action<FileStream> write, CancellationToken cancellation)
    {
        string folder = Path.Combine(Path.GetTempPath(), "sinter-" + Path.GetRandomFileName());
        try
        {
            return new TokenCache(folder).GetOrAdd("corpus", write, _ => { }, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{folder}: the tokens can't be written there either: {e.Message}; "
                + $"make space, or set {CacheFolder.Variable} to a folder with space", e);
        }
    }

    private static byte[] Hash(IReadOnlyList<TextSource> sources, TokenizerOptions options, ITokenizer? tokenizer, CancellationToken cancellation)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("sinter tokens 1"u8);
        string kind = tokenizer is null ? options.Identity : "given";
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(kind)));
        hash.AppendData(SHA256.HashData(tokenizer?.ToJson() ?? []));
        // It stands between documents, and may be named beside the tokenizer's own file.
        if (tokenizer?.EndOfTextId is { } end) hash.AppendData(BitConverter.GetBytes(end));
        foreach (TextSource source in sources) source.AddContent(hash, cancellation);
        return hash.GetHashAndReset();
    }
}
