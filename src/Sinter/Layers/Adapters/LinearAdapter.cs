using Sinter.Tensors;

namespace Sinter.Layers.Adapters;

/// <summary>A trained change of a linear layer whose own weight stays as it is.</summary>
/// <param name="layer">The layer.</param>
public abstract class LinearAdapter(Linear layer)
{
    /// <summary>The layer.</summary>
    public Linear Layer { get; } = layer;

    /// <summary>The adapters whose parameters are among a model's.</summary>
    public static IReadOnlyList<LinearAdapter> Of(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return [.. parameters.Select(p => p.Adapter).OfType<LinearAdapter>().Distinct()];
    }

    /// <summary>Whether the change is in the layer's weight now, and so not computed beside it.</summary>
    public bool IsMerged { get; private set; }

    /// <summary>The layer's output with the change, then + residual where given.</summary>
    /// <param name="x">[..., inputs]</param>
    /// <param name="context">Training or not, step and sample, for dropout.</param>
    /// <param name="residual">[..., outputs], or none.</param>
    public abstract Tensor Forward(Tensor x, in ForwardContext context, Tensor residual);

    /// <summary>Takes from the layer's weight what the change begins with: to be called once the weight has its values, before training.</summary>
    public virtual void Begin() { }

    /// <summary>Puts the change into the layer's weight. A second call does nothing.</summary>
    public void Merge()
    {
        if (IsMerged) return;
        AddToWeight();
        IsMerged = true;
    }

    /// <summary>Takes the change out of the layer's weight again, which is then as it was within rounding.</summary>
    public void Unmerge()
    {
        if (!IsMerged) return;
        TakeFromWeight();
        IsMerged = false;
    }

    /// <summary>Adds the change to the weight.</summary>
    protected abstract void AddToWeight();

    /// <summary>Takes back what <see cref="AddToWeight"/> did.</summary>
    protected abstract void TakeFromWeight();
}
