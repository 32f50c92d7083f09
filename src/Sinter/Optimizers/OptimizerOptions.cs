using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>The options of one optimizer; each optimizer derives its own.</summary>
/// <param name="learningRate">The learning rate when none is given: PyTorch's, where it has the optimizer.</param>
public abstract class OptimizerOptions(double learningRate = 1e-3) : INamedOptions
{
    /// <summary>The optimizer's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>The step size at the peak of the schedule.</summary>
    public double LearningRate { get; set; } = learningRate;

    /// <summary>Whether there is a momentum, or a β₁, that a schedule can move.</summary>
    public virtual bool HasMomentum => false;

    /// <summary>The optimizer of these options.</summary>
    /// <param name="groups">What it updates; see <see cref="ParameterGrouping"/>.</param>
    public abstract IOptimizer Create(IReadOnlyList<ParameterGroup> groups);

    /// <summary>The optimizer of these options for parameters without groups of their own: matrices decay, biases and norms do not.</summary>
    public IOptimizer Create(IReadOnlyList<Parameter> parameters) => Create(ParameterGrouping.Groups(parameters));

    /// <summary>Lists the keys that every optimizer has.</summary>
    protected static void Describe<T>(OptionsSchemaBuilder<T> builder) where T : OptimizerOptions, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Number("learning_rate", "The step size at the peak of the schedule.", o => o.LearningRate, (o, v) => o.LearningRate = v,
            NumberRange.Positive);
    }
}
