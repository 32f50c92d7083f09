using System.Collections.Concurrent;
using Sinter.Text.Pipeline;

namespace Sinter.Text.Training;

/// <summary>Cuts texts into words.</summary>
internal delegate void WordCutter(ReadOnlySpan<char> text, WordCounts into);

/// <summary>Counts the words of texts, from several threads.</summary>
internal sealed class WordCounter(WordCutter cut)
{
    private readonly ConcurrentBag<WordCounts> _parts = [];

    /// <summary>Counts the words that the stages of a tokenizer before its model make.</summary>
    public static WordCounter Of(TokenPipeline pipeline) => new((text, into) =>
    {
        foreach (PreTokenizers.Piece piece in pipeline.Cut(text, aligned: false).Pieces)
            if (piece.Token < 0) into.Add(piece.Text.Text);
    });

    /// <summary>Counts the words of a text. The order of texts has no effect on what is learned.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        WordCounts part = _parts.TryTake(out WordCounts? free) ? free : new();
        cut(text, part);
        _parts.Add(part);
    }

    /// <summary>The words and their counts, in no certain order; not while another thread adds.</summary>
    public IReadOnlyCollection<KeyValuePair<string, long>> Words()
    {
        WordCounts words = new();
        foreach (WordCounts part in _parts) words.Add(part);
        return words.Words;
    }
}
