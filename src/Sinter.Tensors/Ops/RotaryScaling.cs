namespace Sinter.Tensors.Ops;

/// <summary>How rotary positions are changed so that a model reads texts longer than those it was first trained on.</summary>
public abstract record RotaryScaling
{
    /// <summary>The name that transformers gives it (<c>rope_type</c>).</summary>
    public abstract string Name { get; }

    /// <summary>The factor of all cosines and sines.</summary>
    public virtual double AttentionFactor => 1;

    /// <summary>The angle by which each pair turns from a position to the next.</summary>
    /// <param name="size">The numbers of a head that turn: twice the pairs.</param>
    /// <param name="theta">θ.</param>
    /// <param name="length">Positions of the text.</param>
    public abstract double[] Frequencies(int size, double theta, long length);

    /// <summary>The longest text that a model of the given context can read.</summary>
    public virtual long Reach(long context) => context;

    /// <summary>Texts of the same number turn alike; null where each length has frequencies of its own.</summary>
    /// <param name="length">Positions of the text.</param>
    public virtual int? Stage(long length) => 0;

    /// <summary>θ^(−2i/size) for each pair i (Su et al., "RoFormer", 2021, section 3.2.2).</summary>
    public static double[] Unscaled(int size, double theta)
    {
        var frequencies = new double[size / 2];
        for (int i = 0; i < frequencies.Length; i++) frequencies[i] = Math.Pow(theta, -2.0 * i / size);
        return frequencies;
    }
}
