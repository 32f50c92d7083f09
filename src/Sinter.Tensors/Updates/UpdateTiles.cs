using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Updates;

/// <summary>A pass of rules over weights and states.</summary>
internal readonly unsafe struct UpdateTiles<T, TRule>(UpdatePiece* pieces, int count, double scale, TRule* rules) : ITileBody
    where T : unmanaged, IFloatingPointIeee754<T> where TRule : unmanaged, IUpdateRule
{
    public void Run(int tile, int worker)
    {
        UpdatePiece* p = UpdatePiece.Of(pieces, count, tile);
        TRule rule = rules[p->Rule];   // a copy that nothing else can change: its numbers stay in registers
        var factor = UpdateMath.Number<T>(scale);
        long i = (tile - p->FirstTile) * UpdatePiece.TileElements, end = Math.Min(i + UpdatePiece.TileElements, p->Count);
        T* g = (T*)p->Gradient, w = (T*)p->Weight, a = (T*)p->First, b = (T*)p->Second, c = (T*)p->Third;
        for (; i + Vector512<T>.Count <= end; i += Vector512<T>.Count) Step(rule, factor, g + i, w + i, At(a, i), At(b, i), At(c, i));
        if (i < end) Tail(p, i, (int)(end - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* At(T* state, long i) => state == null ? null : state + i;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(TRule rule, Vector512<T> factor, T* g, T* w, T* a, T* b, T* c)
    {
        Vector512<T> weight = Vector512.Load(w), first = default, second = default, third = default;
        if (a != null) first = Vector512.Load(a);
        if (b != null) second = Vector512.Load(b);
        if (c != null) third = Vector512.Load(c);
        rule.Apply(Vector512.Load(g) * factor, ref weight, ref first, ref second, ref third);
        Vector512.Store(weight, w);
        if (a != null) Vector512.Store(first, a);
        if (b != null) Vector512.Store(second, b);
        if (c != null) Vector512.Store(third, c);
    }

    /// <summary>The last elements, on a copy that is padded with zeros.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Tail(UpdatePiece* p, long i, int rest)
    {
        T* g = (T*)p->Gradient + i, w = (T*)p->Weight + i, a = At((T*)p->First, i), b = At((T*)p->Second, i), c = At((T*)p->Third, i);
        int lanes = Vector512<T>.Count;
        T* copy = stackalloc T[5 * lanes];
        new Span<T>(copy, 5 * lanes).Clear();
        Move(g, copy, rest);
        Move(w, copy + lanes, rest);
        Move(a, copy + 2 * lanes, rest);
        Move(b, copy + 3 * lanes, rest);
        Move(c, copy + 4 * lanes, rest);
        Step(rules[p->Rule], UpdateMath.Number<T>(scale), copy, copy + lanes, copy + 2 * lanes, copy + 3 * lanes, copy + 4 * lanes);
        Move(copy + lanes, w, rest);
        Move(copy + 2 * lanes, a, rest);
        Move(copy + 3 * lanes, b, rest);
        Move(copy + 4 * lanes, c, rest);
    }

    private static void Move(T* from, T* to, int elements)
    {
        if (from != null && to != null) new Span<T>(from, elements).CopyTo(new Span<T>(to, elements));
    }
}
