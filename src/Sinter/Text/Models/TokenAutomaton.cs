namespace Sinter.Text.Models;

/// <summary>
/// Finds all tokens of a vocabulary in a text in one pass (Aho and Corasick, "Efficient String Matching", 1975): after each UTF-16 unit a state
/// stands for the longest end of the text that begins a token, and from it the tokens that end there are listed, longest first. A pass takes the
/// length of the text plus the number of tokens found, however long tokens are and however much they repeat themselves.
/// </summary>
internal sealed class TokenAutomaton
{
    /// <summary>The state of an empty text.</summary>
    public const int Root = 0;

    private readonly TransitionTable _next;
    private readonly int[] _failure, _shorter, _ids, _lengths;

    /// <summary>Takes the tokens and their ids; empty ones are left out, and of equal ones the last counts.</summary>
    public TokenAutomaton(IReadOnlyCollection<KeyValuePair<string, int>> tokens)
    {
        _next = new(1 + tokens.Sum(t => t.Key.Length));
        List<int> parents = [0], ids = [-1], lengths = [0];
        List<char> units = ['\0'];
        foreach ((string token, int id) in tokens)
        {
            int node = Root;
            foreach (char c in token)
            {
                if (_next.TryAdd(node, c, parents.Count, out int child))
                {
                    parents.Add(node);
                    units.Add(c);
                    ids.Add(-1);
                    lengths.Add(lengths[node] + 1);
                }
                node = child;
            }
            if (node != Root) ids[node] = id;
        }
        (_ids, _lengths) = ([.. ids], [.. lengths]);
        (_failure, _shorter) = (new int[_ids.Length], new int[_ids.Length]);
        int[] order = [.. Enumerable.Range(1, _ids.Length - 1)];
        Array.Sort([.. order.Select(n => _lengths[n])], order);
        foreach (int node in order) Link(node, parents[node], units[node]);
    }

    /// <summary>The state after one more unit.</summary>
    public int Next(int state, char c)
    {
        int next;
        while ((next = _next.Find(state, c)) < 0)
        {
            if (state == Root) return Root;
            state = _failure[state];
        }
        return next;
    }

    /// <summary>The state after one more unit if some token begins with all that the state stands for and the unit; −1 if none does.</summary>
    public int Extend(int state, char c) => _next.Find(state, c);

    /// <summary>The longest token that ends where the state is, as a state; <see cref="Root"/> if there is none.</summary>
    public int Longest(int state) => _ids[state] >= 0 ? state : _shorter[state];

    /// <summary>The next shorter token that ends there too; <see cref="Root"/> if there is none.</summary>
    public int Shorter(int match) => _shorter[match];

    /// <summary>The id of a token given as a state; −1 where the state is no token.</summary>
    public int Id(int match) => _ids[match];

    /// <summary>How many units the state stands for.</summary>
    public int Length(int state) => _lengths[state];

    private void Link(int node, int parent, char unit)
    {
        int failure = parent == Root ? Root : Next(_failure[parent], unit);
        _failure[node] = failure;
        _shorter[node] = Longest(failure);
    }
}
