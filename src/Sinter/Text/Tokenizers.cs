using Sinter.Text.BytePair;
using Sinter.Text.Json;
using Sinter.Text.Training;
using Sinter.Text.VocabularyFiles;

namespace Sinter.Text;

/// <summary>Makes and reads tokenizers of any kind.</summary>
public static class Tokenizers
{
    /// <summary>The kinds that <see cref="TokenizerOptions.Kind"/> names.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["characters", "bytes", "bpe", "wordpiece", "unigram"];

    /// <summary>The largest file that is read, in bytes.</summary>
    public const long LargestFile = 256L << 20;

    /// <summary>Trains a tokenizer on texts.</summary>
    /// <param name="options">The kind, and the vocabulary of a <c>bpe</c>.</param>
    /// <param name="texts">The texts; walked through once.</param>
    /// <param name="progress">Hears the share of the merges done, in [0, 1].</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <exception cref="DataException">There is no text for an alphabet.</exception>
    /// <exception cref="RecipeException">The kind is unknown or the vocabulary too small.</exception>
    public static ITokenizer Train(TokenizerOptions options, IEnumerable<ReadOnlyMemory<char>> texts, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        Validate(options);
        if (options.Kind == "bytes") return ByteTokenizer.Instance;
        if (options.Kind == "characters") return CharacterTokenizer.Train(texts, cancellation);
        ITokenizerTrainer trainer = options.Kind switch
        {
            "wordpiece" => new WordPieceTrainer(options.VocabSize, options.MinFrequency, options.Lowercase, options.SpecialTokens),
            "unigram" => new UnigramTrainer(options.VocabSize, options.SpecialTokens),
            _ => new BytePairTrainer(options.VocabSize, options.MinFrequency, options.SpecialTokens),
        };
        ParallelWork.ForEach(texts, text => trainer.Add(text.Span), cancellation);
        return trainer.Train(progress, cancellation);
    }

    /// <summary>Refuses options that no tokenizer has.</summary>
    /// <exception cref="RecipeException">The kind is unknown or the vocabulary too small or too large.</exception>
    public static void Validate(TokenizerOptions options)
    {
        if (!Kinds.Contains(options.Kind))
            throw new RecipeException($"data.tokenizer.kind: '{options.Kind}' is no tokenizer; use {string.Join(", ", Kinds)}");
        int least = options.LeastVocabSize();
        if (options.HasVocabSize && (options.VocabSize < least || options.VocabSize > TokenizerJsonReader.LargestVocabulary))
            throw new RecipeException($"data.tokenizer.vocab_size: {options.VocabSize} is out of range; a {options.Kind} has {least} to "
                + $"{TokenizerJsonReader.LargestVocabulary} ids");
    }

    /// <summary>
    /// Reads a <c>tokenizer.json</c>, or the one in a folder, and the special tokens that <c>tokenizer_config.json</c> and
    /// <c>special_tokens_map.json</c> beside it name. Of a folder without one, BERT's <c>vocab.txt</c> or GPT-2's and RoBERTa's <c>vocab.json</c> and
    /// <c>merges.txt</c> are read, and the tokenizer is the one that transformers makes of them.
    /// </summary>
    /// <exception cref="CheckpointException">The file is missing, damaged, or of a kind that is not supported; the message names what.</exception>
    public static ITokenizer Read(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path;
        try
        {
            if (VocabularyFolder.IsOne(path) && !File.Exists(file))
            {
                ITokenizer composed = Read(VocabularyFolder.Compose(path), path);
                return SpecialTokensReader.Read(path, composed) is { } named ? With(composed, named) : composed;
            }
            long length = new FileInfo(file).Length;
            if (length > LargestFile) throw new CheckpointException($"{file}: {length} bytes is more than a tokenizer has; is it the right file?");
            ITokenizer tokenizer = Read(File.ReadAllBytes(file), file);
            return SpecialTokensReader.Read(Path.GetDirectoryName(Path.GetFullPath(file))!, tokenizer) is { } special ? With(tokenizer, special) : tokenizer;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{file}: the tokenizer can't be read: {e.Message}", e);
        }
    }

    /// <summary>Whether a folder has a tokenizer in other files than <c>tokenizer.json</c>, which <see cref="Read(string)"/> reads.</summary>
    public static bool HasVocabulary(string folder) => VocabularyFolder.IsOne(folder);

    /// <summary>Reads the content of a <c>tokenizer.json</c>.</summary>
    /// <param name="json">The content.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="CheckpointException">The content is damaged, or of a kind that is not supported; the message names what.</exception>
    public static ITokenizer Read(ReadOnlyMemory<byte> json, string name = "tokenizer.json") => new TokenizerJsonReader(name).Read(json);

    private static ITokenizer With(ITokenizer tokenizer, SpecialTokens special) => tokenizer switch
    {
        BytePairTokenizer bytePair => bytePair.With(special),
        PipelineTokenizer pipeline => pipeline.With(special),
        _ => tokenizer,
    };
}
