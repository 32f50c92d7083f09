using Sinter.Tensors.Profiling;
using Sinter.Training.Batches;

namespace Sinter.Training.Planning;

/// <summary>What a run holds at its most, in bytes.</summary>
/// <param name="Batch">The batch of a step and how it is cut.</param>
/// <param name="Rows">Sequences computed at a time.</param>
/// <param name="Device">What tensors and kernels hold.</param>
/// <param name="Held">Weights packed for more than one product (<see cref="Tensors.Device.HoldWeights"/>), in micro-batches and evaluations.</param>
/// <param name="Process">The program itself: the runtime, its code, what it read.</param>
public readonly record struct MemoryPlan(StepBatch Batch, int Rows, MemoryUse Device, long Held, long Process)
{
    /// <summary>All of it: the process's peak of resident memory.</summary>
    public long Total => Device.Total + Held + Process;

    /// <summary>What takes how much, by what a user may change; what two of them share is negative.</summary>
    public IEnumerable<(string What, long Bytes)> Parts =>
    [
        ("weights", Device.Weights),
        ("gradients", Device.Gradients),
        ("optimizer states, averages, tables", Device.States),
        ("activations kept for the backward pass", Device.Saved),
        ("gradients of activations, temporaries", Device.Temporary),
        .. Device.Shared == 0 ? [] : new[] { ("shared by gradients and activations", -Device.Shared) },
        ("working memory of kernels", Device.Workspace),
        ("weights packed for many products", Held),
        ("the program itself", Process),
    ];
}
