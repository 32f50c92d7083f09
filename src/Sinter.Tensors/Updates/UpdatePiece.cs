namespace Sinter.Tensors.Updates;

/// <summary>Where a weight, its gradient and its states lie; a state that the weight lacks is null.</summary>
internal readonly unsafe struct UpdatePiece
{
    /// <summary>Elements of a tile.</summary>
    public const long TileElements = 16 * 1024;

    public readonly void* Gradient, Weight, First, Second, Third;
    public readonly long Count, FirstTile;
    public readonly int Rule;

    public UpdatePiece(in UpdateTarget target, DType type, long firstTile) : this(target.Weight.Grad, type, firstTile)
    {
        Weight = At(target.Weight, type);
        First = At(target.First, type);
        Second = At(target.Second, type);
        Third = At(target.Third, type);
        Rule = target.Rule;
    }

    public UpdatePiece(Tensor gradient, DType type, long firstTile)
    {
        Gradient = At(gradient, type);
        (Count, FirstTile) = (gradient.Count, firstTile);
    }

    public long Tiles => TilesOf(Count);

    public static long TilesOf(long count) => (count + TileElements - 1) / TileElements;

    /// <summary>Bytes that an update writes: weight and states.</summary>
    public long WrittenBytes(DType type) => (1 + (First != null ? 1 : 0) + (Second != null ? 1 : 0) + (Third != null ? 1 : 0)) * Count * type.Size();

    /// <summary>The piece that a tile belongs to, by bisection.</summary>
    public static UpdatePiece* Of(UpdatePiece* pieces, int count, int tile)
    {
        int low = 0, high = count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (pieces[middle].FirstTile <= tile) low = middle;
            else high = middle - 1;
        }
        return pieces + low;
    }

    private static void* At(Tensor tensor, DType type) =>
        tensor.IsNone ? null : type == DType.Float64 ? tensor.Data<double>(type, "update") : tensor.F32("update");
}
