using System.Runtime.InteropServices;
using Sinter.Text.Models;

namespace Sinter.Text.Training;

/// <summary>All ways to write one text as pieces: edges from where a piece begins to where it ends. For one thread, text after text.</summary>
/// <param name="automaton">Finds the pieces.</param>
/// <param name="scores">The natural logarithm of each piece's probability; −∞ for a piece that is gone.</param>
/// <param name="unknownScore">The score of a character that is no piece.</param>
internal sealed class UnigramLattice(TokenAutomaton automaton, double[] scores, double unknownScore)
{
    /// <summary>The id of a character that is no piece.</summary>
    public const int Unknown = -1;

    // By their ends, so that all that end somewhere are neighbours.
    private readonly List<Edge> _edges = [];
    private double[] _at = new double[64];
    private int[] _best = new int[64];
    private int _length;

    /// <summary>Takes a text, which is well-formed.</summary>
    /// <param name="text">The text.</param>
    /// <param name="without">The id of a piece that is left out.</param>
    public void Read(ReadOnlySpan<char> text, int without = Unknown)
    {
        _length = text.Length;
        if (_at.Length <= _length) (_at, _best) = (new double[2 * _length], new int[2 * _length]);
        _edges.Clear();
        int state = TokenAutomaton.Root, character = 0;
        for (int end = 1; end <= text.Length; end++)
        {
            state = automaton.Next(state, text[end - 1]);
            if (end < text.Length && char.IsSurrogatePair(text[end - 1], text[end])) continue;
            bool known = false;
            for (int match = automaton.Longest(state); match != TokenAutomaton.Root; match = automaton.Shorter(match))
            {
                int id = automaton.Id(match), start = end - automaton.Length(match);
                if (id == without || double.IsNegativeInfinity(scores[id])) continue;
                _edges.Add(new(start, end, id, scores[id]));
                known |= start == character;
            }
            if (!known) _edges.Add(new(character, end, Unknown, unknownScore));
            character = end;
        }
    }

    /// <summary>
    /// Adds how often each piece is expected, over all ways by their probabilities, in a text that occurs <paramref name="count"/> times (the E step of
    /// Kudo 2018, section 3.2), and gives the logarithm of the text's probability. Going forward, each edge learns its share of the probability of
    /// where it ends; going back, the probability of each place is handed out by these shares.
    /// </summary>
    public double AddExpected(double count, double[] expected)
    {
        Span<Edge> edges = CollectionsMarshal.AsSpan(_edges);
        _at[0] = 0;
        for (int first = 0, next; first < edges.Length; first = next)
        {
            double highest = double.NegativeInfinity, sum = 0;
            for (next = first; next < edges.Length && edges[next].End == edges[first].End; next++)
                highest = Math.Max(highest, edges[next].Share = _at[edges[next].Start] + edges[next].Score);
            for (int i = first; i < next; i++) sum += edges[i].Share = Math.Exp(edges[i].Share - highest);
            for (int i = first; i < next; i++) edges[i].Share /= sum;
            _at[edges[first].End] = highest + Math.Log(sum);
        }
        double logarithm = _length == 0 ? 0 : _at[_length];
        _at.AsSpan(0, _length).Clear();
        _at[_length] = count;
        for (int i = edges.Length - 1; i >= 0; i--)
        {
            double share = _at[edges[i].End] * edges[i].Share;
            _at[edges[i].Start] += share;
            if (edges[i].Id >= 0) expected[edges[i].Id] += share;
        }
        return logarithm;
    }

    /// <summary>The most probable way: the ids of its pieces, the last first, and its score.</summary>
    public double Best(List<int> ids)
    {
        ids.Clear();
        Span<Edge> edges = CollectionsMarshal.AsSpan(_edges);
        _at[0] = 0;
        for (int i = 0; i < edges.Length; i++)
        {
            double score = _at[edges[i].Start] + edges[i].Score;
            if (i > 0 && edges[i - 1].End == edges[i].End && score <= _at[edges[i].End]) continue;
            (_at[edges[i].End], _best[edges[i].End]) = (score, i);
        }
        for (int end = _length; end > 0; end = edges[_best[end]].Start) ids.Add(edges[_best[end]].Id);
        return _length == 0 ? 0 : _at[_length];
    }

    private record struct Edge(int Start, int End, int Id, double Score)
    {
        public double Share;
    }
}
