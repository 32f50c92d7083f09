using Sinter.Options;
using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>
/// How a parameter begins. The values are a function of the seed, the parameter's name and the position of the element (and of the shape, where an
/// initializer goes by it): not of the other parameters, of the order in which they are made or of the number of threads.
/// </summary>
public abstract class Initializer : INamedOptions
{
    /// <summary>Zeros.</summary>
    public static Initializer Zeros { get; } = new ZerosInitializer();

    /// <summary>Ones.</summary>
    public static Initializer Ones { get; } = new OnesInitializer();

    /// <summary>Normal with mean 0 and the given standard deviation.</summary>
    public static NormalInitializer Normal(double std) => new() { Std = std };

    /// <summary>The initializer's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>Writes the initial elements.</summary>
    /// <param name="values">float32, of the shape of <paramref name="spec"/>; what it holds does not matter.</param>
    /// <param name="spec">The parameter.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="SinterException">The initializer has no meaning for a parameter of this shape.</exception>
    public abstract void Fill(Tensor values, ParameterSpec spec, ulong seed);

    /// <summary>Refuses what is no matrix.</summary>
    private protected void RequireMatrix(ParameterSpec spec)
    {
        if (!spec.IsMatrix)
            throw new SinterException($"{Name} is for matrices, and {spec.Name} has the shape {spec.Shape}. Match it with zeros, ones, constant, normal, "
                + "truncated_normal or uniform in model.initializers, or leave it out there.");
    }
}
