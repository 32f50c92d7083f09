using System.Numerics;

namespace Sinter.Text.Models;

/// <summary>The edges of a <see cref="TokenAutomaton"/>: a hash table with open addressing that only grows while it is filled.</summary>
internal sealed class TransitionTable
{
    private ulong[] _keys;
    private int[] _targets;
    private int _count, _shift;

    /// <summary>Takes the most edges that there may be.</summary>
    public TransitionTable(int expected)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(expected, 8, 1 << 16) * 2);
        (_keys, _targets, _shift) = (new ulong[size], new int[size], 64 - BitOperations.Log2((uint)size));
    }

    /// <summary>Where the edge leads, or −1.</summary>
    public int Find(int from, char c)
    {
        ulong key = Key(from, c);
        int mask = _keys.Length - 1;
        for (int i = Slot(key); ; i = (i + 1) & mask)
        {
            if (_keys[i] == key) return _targets[i];
            if (_keys[i] == 0) return -1;
        }
    }

    /// <summary>Adds an edge, unless there is one: then gives where that leads.</summary>
    public bool TryAdd(int from, char c, int to, out int target)
    {
        target = Find(from, c);
        if (target >= 0) return false;
        if (2 * ++_count > _keys.Length) Grow();
        Put(Key(from, c), target = to);
        return true;
    }

    // Zero marks a free slot.
    private static ulong Key(int from, char c) => ((ulong)(uint)from << 16 | c) + 1;

    private int Slot(ulong key) => (int)(key * 0x9E3779B97F4A7C15 >> _shift);

    private void Put(ulong key, int target)
    {
        int i = Slot(key), mask = _keys.Length - 1;
        while (_keys[i] != 0) i = (i + 1) & mask;
        (_keys[i], _targets[i]) = (key, target);
    }

    private void Grow()
    {
        (ulong[] keys, int[] targets) = (_keys, _targets);
        (_keys, _targets, _shift) = (new ulong[2 * keys.Length], new int[2 * keys.Length], _shift - 1);
        for (int i = 0; i < keys.Length; i++)
            if (keys[i] != 0) Put(keys[i], targets[i]);
    }
}
