using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Few rows of A times B with contiguous rows, as a sum of outer products: a tile reads some rows of B whole, one address after the other, and
/// sums into a part of its own; the parts are then added in order. Narrow column blocks, which would need no parts, reach half of the memory's
/// bandwidth: their pieces lie pages apart.
/// </summary>
internal static unsafe class FewRowsOuter
{
    private const int MaxColumns = 4096, MaxParts = 8, TotalColumns = 1024;

    public static void Multiply(CpuDevice cpu, int m, long n, long k, MatrixOperand a, MatrixOperand b, float* c, long stride, bool accumulate,
        in MatrixEpilogue epilogue)
    {
        long rows = (k + MaxParts - 1) / MaxParts;
        int parts = (int)((k + rows - 1) / rows), blocks = checked((int)((n + MaxColumns - 1) / MaxColumns));
        float* sums = (float*)cpu.Working.Get(parts * m * n * sizeof(float));
        cpu.Workers.Run(parts * blocks, new Parts(m, n, k, rows, parts, a, b, sums));
        cpu.Workers.Run(checked((int)((n + TotalColumns - 1) / TotalColumns)), new Total(m, n, parts, sums, c, stride, accumulate, epilogue));
    }

    private readonly struct Parts(int m, long n, long k, long rows, int parts, MatrixOperand a, MatrixOperand b, float* sums) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            int part = tile % parts;
            long column = (long)(tile / parts) * MaxColumns, end = Math.Min(k, (part + 1) * rows);
            int columns = (int)Math.Min(MaxColumns, n - column);
            float* y = sums + part * m * n + column;
            for (int r = 0; r < m; r++) new Span<float>(y + r * n, columns).Clear();
            for (long i = part * rows; i < end; i++)
            {
                float* row = b.At(i, column);
                if (m == 1) AddRow(y, *a.At(0, i), row, columns);
                else AddRows(y, a.At(0, i), row, columns);
            }
        }

        private static void AddRow(float* y, float x, float* row, int columns)
        {
            var factor = Vector512.Create(x);
            int j = 0;
            for (; j + 4 * Vec.Count <= columns; j += 4 * Vec.Count)
            {
                // All loads of B first: they miss the cache, and the more of them wait at once the better.
                Fetch(row + j);
                Vec b0 = Vector512.Load(row + j), b1 = Vector512.Load(row + j + 16);
                Vec b2 = Vector512.Load(row + j + 32), b3 = Vector512.Load(row + j + 48);
                AddFour(y + j, factor, b0, b1, b2, b3);
            }
            for (; j < columns; j++) y[j] = MathF.FusedMultiplyAdd(x, row[j], y[j]);
        }

        /// <summary>y[r] += x[r] · row for every row r of A.</summary>
        private void AddRows(float* y, float* x, float* row, int columns)
        {
            int j = 0;
            for (; j + 4 * Vec.Count <= columns; j += 4 * Vec.Count)
            {
                Fetch(row + j);
                Vec b0 = Vector512.Load(row + j), b1 = Vector512.Load(row + j + 16);
                Vec b2 = Vector512.Load(row + j + 32), b3 = Vector512.Load(row + j + 48);
                for (int r = 0; r < m; r++) AddFour(y + r * n + j, Vector512.Create(x[r * a.Stride]), b0, b1, b2, b3);
            }
            for (; j < columns; j++)
                for (int r = 0; r < m; r++) y[r * n + j] = MathF.FusedMultiplyAdd(x[r * a.Stride], row[j], y[r * n + j]);
        }

        /// <summary>The four lines at some distance, to the second-level cache: the first-level one is for the sums.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Fetch(float* row)
        {
            const int ahead = 512;
            if (!Sse.IsSupported) return;
            Sse.Prefetch1(row + ahead);
            Sse.Prefetch1(row + ahead + 16);
            Sse.Prefetch1(row + ahead + 32);
            Sse.Prefetch1(row + ahead + 48);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void AddFour(float* y, Vec factor, Vec b0, Vec b1, Vec b2, Vec b3)
        {
            Vector512.Store(Vector512.FusedMultiplyAdd(factor, b0, Vector512.Load(y)), y);
            Vector512.Store(Vector512.FusedMultiplyAdd(factor, b1, Vector512.Load(y + 16)), y + 16);
            Vector512.Store(Vector512.FusedMultiplyAdd(factor, b2, Vector512.Load(y + 32)), y + 32);
            Vector512.Store(Vector512.FusedMultiplyAdd(factor, b3, Vector512.Load(y + 48)), y + 48);
        }
    }

    private readonly struct Total(int m, long n, int parts, float* sums, float* c, long stride, bool accumulate, MatrixEpilogue epilogue) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            long column = (long)tile * TotalColumns;
            int columns = (int)Math.Min(TotalColumns, n - column);
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
