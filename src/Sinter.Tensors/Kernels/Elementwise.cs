using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels;

/// <summary>A function of up to three numbers at the same position of three arrays, sixteen positions at a time.</summary>
internal interface IElementwise
{
    /// <summary>How many of the arrays it reads.</summary>
    static abstract int Inputs { get; }

    /// <summary>The value at sixteen positions; arrays that are not read give zeros.</summary>
    Vec Invoke(Vec a, Vec b, Vec c);
}

/// <summary>The driver of element-wise kernels: tiles, threads and tails in one place. Tiles depend on the count alone.</summary>
internal static unsafe class Elementwise
{
    private const int TileElements = 16 * 1024;

    /// <summary>y[i] = f(a[i], b[i], c[i]), or y[i] += that.</summary>
    public static void Run<T>(CpuDevice cpu, T function, float* y, long count, float* a = null, float* b = null, float* c = null,
        bool accumulate = false)
        where T : unmanaged, IElementwise
    {
        int tiles = checked((int)((count + TileElements - 1) / TileElements));
        cpu.Workers.Run(tiles, new Body<T>(function, y, count, a, b, c, accumulate));
    }

    /// <summary>y += x, or y = x.</summary>
    public static void AddOrCopy(CpuDevice cpu, float* y, float* x, long count, bool accumulate) =>
        Run(cpu, default(Identity), y, count, x, accumulate: accumulate);

    /// <summary>The first <paramref name="count"/> elements, from 1 to 16, the rest zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec LoadPart(float* x, int count)
    {
        if (count == Vec.Count) return Vector512.Load(x);
        // Under a mask it is no call: around one, the loop before it would keep its sums in memory.
        return Avx512F.IsSupported ? Avx512F.MaskLoad(x, First(count), Vec.Zero) : LoadTail(x, count);
    }

    /// <summary>Stores the first <paramref name="count"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Vec v, float* y, int count)
    {
        if (count == Vec.Count) Vector512.Store(v, y);
        else if (Avx512F.IsSupported) Avx512F.MaskStore(y, First(count), v);
        else StoreTail(v, y, count);
    }

    /// <summary>All bits in the first <paramref name="count"/> lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec First(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();

    // Out of line: a method with stack memory of its own is not inlined, and would take the whole vectors' path with it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec LoadTail(float* x, int count)
    {
        float* buffer = stackalloc float[Vec.Count];
        for (int i = 0; i < Vec.Count; i++) buffer[i] = i < count ? x[i] : 0;
        return Vector512.Load(buffer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreTail(Vec v, float* y, int count)
    {
        float* buffer = stackalloc float[Vec.Count];
        Vector512.Store(v, buffer);
        for (int i = 0; i < count; i++) y[i] = buffer[i];
    }

    private readonly struct Identity : IElementwise
    {
        public static int Inputs => 1;

        public Vec Invoke(Vec a, Vec b, Vec c) => a;
    }

    private readonly struct Body<T>(T function, float* y, long count, float* a, float* b, float* c, bool accumulate) : ITileBody
        where T : unmanaged, IElementwise
    {
        public void Run(int tile, int worker)
        {
            long start = (long)tile * TileElements, end = Math.Min(start + TileElements, count);
            long i = start;
            for (; i + Vec.Count <= end; i += Vec.Count)
            {
                var value = At(i);
                if (accumulate) value += Vector512.Load(y + i);
                Vector512.Store(value, y + i);
            }
            if (i < end) Tail(i, (int)(end - i));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vec At(long i) => function.Invoke(
            T.Inputs > 0 ? Vector512.Load(a + i) : default,
            T.Inputs > 1 ? Vector512.Load(b + i) : default,
            T.Inputs > 2 ? Vector512.Load(c + i) : default);

        private void Tail(long i, int rest)
        {
            var value = function.Invoke(
                T.Inputs > 0 ? LoadPart(a + i, rest) : default,
                T.Inputs > 1 ? LoadPart(b + i, rest) : default,
                T.Inputs > 2 ? LoadPart(c + i, rest) : default);
            if (accumulate) value += LoadPart(y + i, rest);
            StorePart(value, y + i, rest);
        }
    }
}
