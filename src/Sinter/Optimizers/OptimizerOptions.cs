namespace Sinter.Optimizers;

/// <summary>The options of one optimizer; each optimizer derives its own.</summary>
public abstract class OptimizerOptions
{
    /// <summary>The optimizer's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>The step size at the peak of the schedule.</summary>
    public double LearningRate { get; set; } = 1e-3;
}

/// <summary>AdamW (Loshchilov and Hutter, 2019, "Decoupled weight decay regularization"). Defaults are PyTorch's.</summary>
public sealed class AdamWOptions : OptimizerOptions
{
    /// <inheritdoc/>
    public override string Name => "adamw";

    /// <summary>Decay rates of the first and second moment, each in [0, 1).</summary>
    public (double First, double Second) Betas { get; set; } = (0.9, 0.999);

    /// <summary>Added to the denominator.</summary>
    public double Epsilon { get; set; } = 1e-8;

    /// <summary>Decoupled weight decay of matrices; biases and norms are not decayed.</summary>
    public double WeightDecay { get; set; } = 0.01;
}
