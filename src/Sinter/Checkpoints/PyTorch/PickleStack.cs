namespace Sinter.Checkpoints.PyTorch;

/// <summary>The values and marks of a pickle machine, and what it has memorized.</summary>
/// <param name="input">For errors.</param>
internal sealed class PickleStack(PickleInput input)
{
    private readonly List<object?> _values = [];
    private readonly Stack<int> _marks = new();
    private readonly Dictionary<ulong, object?> _memo = [];

    /// <summary>The value on top.</summary>
    public object? Top => _values.Count > Floor ? _values[^1] : throw input.Damaged("the stack is empty");

    private int Floor => _marks.Count == 0 ? 0 : _marks.Peek();

    /// <summary>Lays a value on top.</summary>
    public void Push(object? value) => _values.Add(value);

    /// <summary>Takes the value on top.</summary>
    public object? Pop()
    {
        object? top = Top;
        _values.RemoveAt(_values.Count - 1);
        return top;
    }

    /// <summary>Sets a mark above the top.</summary>
    public void Mark() => _marks.Push(_values.Count);

    /// <summary>Takes everything above the last mark, and the mark.</summary>
    public object?[] PopToMark()
    {
        if (_marks.Count == 0) throw input.Damaged("there is no mark");
        int mark = _marks.Pop();
        object?[] items = [.. _values[mark..]];
        _values.RemoveRange(mark, items.Length);
        return items;
    }

    /// <summary>Drops the top: a value, or a mark that lies there.</summary>
    public void Drop()
    {
        if (_marks.Count > 0 && _marks.Peek() == _values.Count) _marks.Pop();
        else Pop();
    }

    /// <summary>Remembers the top under a number; without one under the next.</summary>
    public void Memorize(ulong? index = null) => _memo[index ?? (ulong)_memo.Count] = Top;

    /// <summary>Lays a remembered value on top.</summary>
    public void Recall(ulong index) =>
        Push(_memo.TryGetValue(index, out object? value) ? value : throw input.Damaged($"nothing was memorized as {index}"));
}
