using Sinter.Data;
using Sinter.Text;

namespace Sinter.Tests.Data;

/// <summary>Corpora with a cache of their own.</summary>
internal static class Corpora
{
    public static TokenCorpus Build(TempFolder folder, DataOptions options, ITokenizer? tokenizer = null, double? fraction = null) =>
        CorpusBuilder.Build(options, fraction ?? options.ValidationFraction, tokenizer, Cache(folder), folder.Path, new(null, null),
            TestContext.Current.CancellationToken);

    public static TokenCache Cache(TempFolder folder) => new(Path.Combine(folder.Path, ".cache"));

    public static DataOptions Options(string kind, params string[] text) => new() { Text = text, Tokenizer = new() { Kind = kind, VocabSize = 300 } };

    public static string Text(TokenCorpus corpus, DataPart part)
    {
        TokenArray tokens = part == DataPart.Train ? corpus.Train : corpus.Validation;
        return corpus.Tokenizer.Decode(tokens.ToArray(0, (int)tokens.Length));
    }
}
