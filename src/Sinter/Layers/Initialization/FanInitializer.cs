using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>Random numbers around 0 whose spread follows from how many inputs and outputs a matrix has.</summary>
public abstract class FanInitializer : ScaledInitializer
{
    /// <summary>The standard deviation for a parameter.</summary>
    /// <exception cref="SinterException">It is no matrix.</exception>
    public abstract double Std(ParameterSpec spec);

    /// <summary>Uniform around 0 with that deviation: within ± √3 times it.</summary>
    private protected void FillUniform(Tensor values, ParameterSpec spec, ulong seed)
    {
        double bound = Math.Sqrt(3) * Std(spec);
        new ParameterRandom(seed, spec.Name).Uniform(values.Span, -bound, bound);
    }

    /// <summary>Normal around 0 with that deviation.</summary>
    private protected void FillNormal(Tensor values, ParameterSpec spec, ulong seed) =>
        new ParameterRandom(seed, spec.Name).Normal(values.Span, 0, Std(spec));
}
