namespace Sinter.Tensors.Ops;

/// <summary>
/// The cosines and sines of rotary positions (Su et al., "RoFormer", 2021, section 3.2.2), computed once in double: angle(t, i) = t · θ^(−2i/D) for
/// position t and pair i of a head of D numbers. A row holds D/2 cosines, then D/2 sines. The table grows when a later position is asked for.
/// </summary>
public sealed class RotaryTable
{
    private readonly Device _device;
    private Tensor _table;

    /// <summary>Computes the first rows.</summary>
    /// <param name="device">Where the table lives, as long as the device.</param>
    /// <param name="headSize">D, an even number.</param>
    /// <param name="theta">θ, 10,000 in the paper.</param>
    /// <param name="positions">Positions to begin with.</param>
    /// <exception cref="ArgumentException">An odd head size, or θ not positive.</exception>
    public RotaryTable(Device device, int headSize, double theta = 10_000, long positions = 512)
    {
        if (headSize < 2 || headSize % 2 != 0) throw new ArgumentException($"[rotary] the head size {headSize} is not a positive even number.");
        if (!(theta > 0) || !double.IsFinite(theta)) throw new ArgumentException($"[rotary] theta {theta} is not a positive number.");
        (_device, HeadSize, Theta) = (device, headSize, theta);
        _table = Fill(Math.Max(1, positions));
    }

    /// <summary>D.</summary>
    public int HeadSize { get; }

    /// <summary>θ.</summary>
    public double Theta { get; }

    /// <summary>The table with at least <paramref name="positions"/> rows, [positions, D].</summary>
    internal Tensor Upto(long positions)
    {
        // The table before stays with the device: the tape may hold it.
        if (positions > _table.Shape[0]) _table = Fill(Math.Max(positions, 2 * _table.Shape[0]));
        return _table;
    }

    private Tensor Fill(long positions)
    {
        var table = _device.Parameter(new Shape(positions, HeadSize), requiresGrad: false);
        int half = HeadSize / 2;
        var rows = table.Span;
        for (int i = 0; i < half; i++)
        {
            double frequency = Math.Pow(Theta, -2.0 * i / HeadSize);
            for (int t = 0; t < positions; t++)
            {
                (double sine, double cosine) = Math.SinCos(t * frequency);
                rows[t * HeadSize + i] = (float)cosine;
                rows[t * HeadSize + half + i] = (float)sine;
            }
        }
        return table;
    }
}
