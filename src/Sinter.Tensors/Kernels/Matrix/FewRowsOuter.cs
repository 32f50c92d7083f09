using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Few rows of A times B with contiguous rows, as a sum of outer products: a tile reads some rows of B whole, one address after the other, and sums into a part of its
/// own; the parts are then added in order. Narrow column blocks, which would need no parts, reach half of the memory's bandwidth: their pieces lie pages apart.
/// </summary>
internal static unsafe class FewRowsOuter
{
    private const int MaxColumns = 4096, TileBytes = 256 << 10, LeastTiles = 8, MostTiles = 16, SumColumns = 1024;

    public static void Multiply(CpuDevice cpu, int m, long n, long k, MatrixOperand a, MatrixOperand b, float* c, long stride, bool accumulate, in MatrixEpilogue epilogue)
    {
        long wanted = Math.Clamp(Math.Min(n, MaxColumns) * k * sizeof(float) / TileBytes, LeastTiles, MostTiles), rows = (k + wanted - 1) / wanted;
        int parts = (int)((k + rows - 1) / rows), blocks = checked((int)((n + MaxColumns - 1) / MaxColumns));
        float* sums = (float*)cpu.Working.Get(parts * m * n * sizeof(float));
        cpu.Workers.Run(parts * blocks, new Parts(m, n, k, rows, parts, a, b, sums));
        cpu.Workers.Run(checked((int)((n + SumColumns - 1) / SumColumns)), new Total(m, n, parts, sums, c, stride, accumulate, epilogue));
    }

    private readonly struct Parts(int m, long n, long k, long rows, int parts, MatrixOperand a, MatrixOperand b, float* sums) : ITileBody
    {
        // Bytes ahead of those in use, to the second-level cache; found by measurement, as are four vectors at a time.
        private const int Ahead = 2048;

        public void Run(int tile, int worker)
        {
            int part = tile % parts;
            long column = (long)(tile / parts) * MaxColumns;
            int columns = (int)Math.Min(MaxColumns, n - column);
            float* y = sums + part * m * n + column;
            for (int r = 0; r < m; r++) new Span<float>(y + r * n, columns).Clear();
            long end = Math.Min(k, (part + 1) * rows);
            for (long i = part * rows; i < end; i++) AddRow(y, a.At(0, i), b.At(i, column), columns);
        }

        /// <summary>y[r] += x[r] · row for every row r of A.</summary>
        private void AddRow(float* y, float* x, float* row, int columns)
        {
            int j = 0;
            for (; j + 4 * Vec.Count <= columns; j += 4 * Vec.Count)
            {
                float* at = row + j;
                Prefetch(at);
                Vec b0 = Vector512.Load(at), b1 = Vector512.Load(at + 16), b2 = Vector512.Load(at + 32), b3 = Vector512.Load(at + 48);
                for (int r = 0; r < m; r++)
                {
                    var factor = Vector512.Create(x[r * a.Stride]);
                    float* to = y + r * n + j;
                    Vector512.Store(Vector512.FusedMultiplyAdd(factor, b0, Vector512.Load(to)), to);
                    Vector512.Store(Vector512.FusedMultiplyAdd(factor, b1, Vector512.Load(to + 16)), to + 16);
                    Vector512.Store(Vector512.FusedMultiplyAdd(factor, b2, Vector512.Load(to + 32)), to + 32);
                    Vector512.Store(Vector512.FusedMultiplyAdd(factor, b3, Vector512.Load(to + 48)), to + 48);
                }
            }
            for (; j < columns; j++)
                for (int r = 0; r < m; r++) y[r * n + j] = MathF.FusedMultiplyAdd(x[r * a.Stride], row[j], y[r * n + j]);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Prefetch(float* at)
        {
            if (!Sse.IsSupported) return;
            Sse.Prefetch1((byte*)at + Ahead);
            Sse.Prefetch1((byte*)at + Ahead + 64);
            Sse.Prefetch1((byte*)at + Ahead + 128);
            Sse.Prefetch1((byte*)at + Ahead + 192);
        }
    }

    private readonly struct Total(int m, long n, int parts, float* sums, float* c, long stride, bool accumulate, MatrixEpilogue epilogue) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            long column = (long)tile * SumColumns;
            int columns = (int)Math.Min(SumColumns, n - column);
            for (int r = 0; r < m; r++) Row(c + r * stride + column, sums + r * n + column, columns);
            if (!epilogue.IsEmpty) epilogue.Apply(c, stride, column, column, m, columns);
        }

        private void Row(float* y, float* first, int columns)
        {
            for (int j = 0; j < columns; j += Vec.Count)
            {
                int count = Math.Min(Vec.Count, columns - j);
                Vec sum = accumulate ? Elementwise.LoadPart(y + j, count) : default;
                float* part = first + j;
                for (int p = 0; p < parts; p++, part += m * n) sum += Elementwise.LoadPart(part, count);
                Elementwise.StorePart(sum, y + j, count);
            }
        }
    }
}
