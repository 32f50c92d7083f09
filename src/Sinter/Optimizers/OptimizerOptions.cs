using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>The options of one optimizer; each optimizer derives its own.</summary>
public abstract class OptimizerOptions : INamedOptions
{
    /// <summary>The optimizer's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>The step size at the peak of the schedule.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>The optimizer of these options.</summary>
    public abstract IOptimizer Create(IReadOnlyList<Parameter> parameters);

    /// <summary>Lists the keys that every optimizer has.</summary>
    protected static void Describe<T>(OptionsSchemaBuilder<T> builder) where T : OptimizerOptions, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Number("learning_rate", "The step size at the peak of the schedule.", o => o.LearningRate, (o, v) => o.LearningRate = v,
            NumberRange.Positive);
    }
}
