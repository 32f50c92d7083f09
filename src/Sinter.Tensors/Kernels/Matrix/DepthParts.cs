using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// A product over two halves of k, such as the gradient of a small weight over the first and the last tokens: tiles of the first half, then the same of the second.
/// Workers that made the first rows of both factors then read those alone, and not half of what lies in another processor's cache. The first half goes to C, the
/// second to memory of its own; whoever is the second to end a tile adds the two, so the sum is the same in either order.
/// </summary>
/// <param name="first">The tiles of the first half.</param>
/// <param name="second">Those of the second.</param>
/// <param name="count">Tiles of a half.</param>
/// <param name="sum">Adds what the second half gave for a tile to C.</param>
/// <param name="ended">For each tile, how many halves are done; zeros at first.</param>
internal readonly unsafe struct DepthParts<TTiles>(TTiles first, TTiles second, int count, PartialSum sum, int* ended) : ITileBody
    where TTiles : unmanaged, ITileBody
{
    public void Run(int tile, int worker)
    {
        bool isSecond = tile >= count;
        if (isSecond) tile -= count;
        (isSecond ? second : first).Run(tile, worker);
        if (Interlocked.Increment(ref ended[tile]) == 2) sum.Add(tile);
    }
}
