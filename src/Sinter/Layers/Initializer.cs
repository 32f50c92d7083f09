using System.Text;
using Sinter.Tensors;

namespace Sinter.Layers;

/// <summary>How a parameter begins: a constant, or a normal distribution around 0.</summary>
public readonly record struct Initializer
{
    private readonly float _constant, _deviation;

    private Initializer(float constant, float deviation) => (_constant, _deviation) = (constant, deviation);

    /// <summary>Zeros.</summary>
    public static Initializer Zeros => default;

    /// <summary>Ones.</summary>
    public static Initializer Ones => new(1, 0);

    /// <summary>Normal with mean 0 and the given standard deviation.</summary>
    public static Initializer Normal(double deviation) => new(0, (float)deviation);

    /// <summary>Writes the values: a function of seed, name and position alone (Philox, then Box and Muller, 1958).</summary>
    public void Fill(Span<float> values, ulong seed, string name)
    {
        if (_deviation == 0)
        {
            values.Fill(_constant);
            return;
        }
        uint stream = StableHash.Of(name);
        for (int i = 0; i < values.Length; i += 4)
        {
            var block = Philox.Block(seed, (ulong)i / 4, (ulong)stream << 32 | 1);
            Pair(block.X0, block.X1, values[i..]);
            if (i + 2 < values.Length) Pair(block.X2, block.X3, values[(i + 2)..]);
        }
    }

    private void Pair(uint a, uint b, Span<float> values)
    {
        double radius = Math.Sqrt(-2 * Math.Log((a + 1.0) / 4294967296.0)), angle = 2 * Math.PI * b / 4294967296.0;
        values[0] = (float)(radius * Math.Cos(angle) * _deviation);
        if (values.Length > 1) values[1] = (float)(radius * Math.Sin(angle) * _deviation);
    }
}

/// <summary>A hash of names that never changes: FNV-1a, 32 bits, over UTF-8.</summary>
internal static class StableHash
{
    public static uint Of(string name)
    {
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 16777619;
        return hash;
    }
}
