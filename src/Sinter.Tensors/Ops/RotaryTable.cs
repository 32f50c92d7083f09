namespace Sinter.Tensors.Ops;

/// <summary>
/// The cosines and sines of rotary positions (Su et al., "RoFormer", 2021, section 3.2.2), computed once in double: angle(t, i) = t · θ^(−2i/R) for
/// position t and pair i of the R numbers of a head that turn, or as a scaling says. A row holds R/2 cosines, then R/2 sines. The table grows when a later
/// position is asked for.
/// </summary>
public sealed class RotaryTable
{
    private readonly Device _device;
    private readonly Dictionary<int, Tensor> _stages = [];

    /// <summary>Computes the first rows.</summary>
    /// <param name="device">Where the table lives, as long as the device.</param>
    /// <param name="headSize">D, the numbers of a head.</param>
    /// <param name="theta">θ, 10,000 in the paper.</param>
    /// <param name="positions">Positions to begin with.</param>
    /// <param name="size">R, the numbers of a head that turn, from its first; 0 is all.</param>
    /// <param name="scaling">How the angles are changed for long texts; null is not.</param>
    /// <exception cref="ArgumentException">An odd size, one larger than the head, or θ not positive.</exception>
    public RotaryTable(Device device, int headSize, double theta = 10_000, long positions = 512, int size = 0, RotaryScaling? scaling = null)
    {
        if (size == 0) size = headSize;
        if (size < 2 || size % 2 != 0) throw new ArgumentException($"[rotary] the size {size} is not a positive even number.");
        if (size > headSize) throw new ArgumentException($"[rotary] {size} numbers of a head of {headSize} can't turn.");
        if (!(theta > 0) || !double.IsFinite(theta)) throw new ArgumentException($"[rotary] theta {theta} is not a positive number.");
        (_device, HeadSize, Size, Theta, Scaling) = (device, headSize, size, theta, scaling);
        For(0, Math.Max(1, positions));
    }

    /// <summary>D.</summary>
    public int HeadSize { get; }

    /// <summary>R, the numbers of a head that turn.</summary>
    public int Size { get; }

    /// <summary>θ.</summary>
    public double Theta { get; }

    /// <summary>How the angles are changed for long texts.</summary>
    public RotaryScaling? Scaling { get; }

    /// <summary>A table [.., R] with the rows of some positions, and the row of the first of them.</summary>
    internal (Tensor Rows, long First) For(long position, long count)
    {
        long length = position + count;
        if (Scaling is not null && Scaling.Stage(length) is null)
            return (Fill(_device.Empty(new Shape(count, Size)), position, length), 0);
        int stage = Scaling?.Stage(length) ?? 0;
        // The table before stays with the device: the tape may hold it.
        if (!_stages.TryGetValue(stage, out var table) || length > table.Shape[0])
        {
            long rows = table.IsNone ? length : Math.Max(length, 2 * table.Shape[0]);
            _stages[stage] = table = Fill(_device.Parameter(new Shape(rows, Size), requiresGrad: false), 0, length);
        }
        return (table, position);
    }

    private Tensor Fill(Tensor table, long position, long length)
    {
        int half = Size / 2;
        double factor = Scaling?.AttentionFactor ?? 1;
        double[] frequencies = Scaling?.Frequencies(Size, Theta, length) ?? RotaryScaling.Unscaled(Size, Theta);
        var rows = table.Span;
        for (int i = 0; i < half; i++)
            for (int t = 0; t < table.Shape[0]; t++)
            {
                (double sine, double cosine) = Math.SinCos((position + t) * frequencies[i]);
                rows[t * Size + i] = (float)(factor * cosine);
                rows[t * Size + half + i] = (float)(factor * sine);
            }
        return table;
    }
}
