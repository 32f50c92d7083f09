using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Updates;

/// <summary>The sum of the squares of each tile of gradients, in double.</summary>
internal readonly unsafe struct SquareTiles(UpdatePiece* pieces, int count, bool isDouble, double* sums) : ITileBody
{
    public void Run(int tile, int worker)
    {
        UpdatePiece* p = UpdatePiece.Of(pieces, count, tile);
        long start = (tile - p->FirstTile) * UpdatePiece.TileElements, elements = Math.Min(UpdatePiece.TileElements, p->Count - start);
        sums[tile] = isDouble ? Sum((double*)p->Gradient + start, elements) : Sum((float*)p->Gradient + start, elements);
    }

    private static double Sum(float* g, long elements)
    {
        Vector512<double> low = default, high = default;
        long i = 0;
        for (; i + Vec.Count <= elements; i += Vec.Count)
        {
            var (a, b) = Vector512.Widen(Vector512.Load(g + i));
            low += a * a;
            high += b * b;
        }
        double sum = Vector512.Sum(low + high);
        for (; i < elements; i++) sum += (double)g[i] * g[i];
        return sum;
    }

    private static double Sum(double* g, long elements)
    {
        double sum = 0;
        for (long i = 0; i < elements; i++) sum += g[i] * g[i];
        return sum;
    }
}
