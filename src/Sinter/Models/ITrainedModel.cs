using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>What the training loop trains: parameters, and the loss of a batch.</summary>
public interface ITrainedModel
{
    /// <summary>What the model is.</summary>
    ModelConfig Config { get; }

    /// <summary>Where it lives.</summary>
    Device Device { get; }

    /// <summary>All parameters, by the names of the model's files, in their order.</summary>
    IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Whether targets can be right or wrong, rather than near.</summary>
    bool HasAccuracy => true;

    /// <summary>The summed loss of the batch's targets ÷ the target count.</summary>
    /// <param name="batch">Tokens and targets.</param>
    /// <param name="options">Target count, label smoothing, z-loss.</param>
    /// <param name="context">Training or not, step and sample.</param>
    CrossEntropyResult Loss(in SequenceBatch batch, in CrossEntropyOptions options, in ForwardContext context);
}
