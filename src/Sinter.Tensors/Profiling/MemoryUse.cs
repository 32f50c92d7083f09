namespace Sinter.Tensors.Profiling;

/// <summary>What a device's memory holds, in bytes.</summary>
/// <param name="Weights">What is trained.</param>
/// <param name="Gradients">Gradients of the weights.</param>
/// <param name="States">What else lives as long as the device: the optimizer's moments, tables.</param>
/// <param name="Saved">Activations that the backward pass needed, at its beginning (<see cref="OpProfile.SavedBytes"/>).</param>
/// <param name="Temporary">The rest of what the pool ever held: gradients of activations, temporaries, blocks that wait for their next use.</param>
/// <param name="Shared">What of these is counted twice, because gradients of weights lie where activations were that the backward pass was done with.</param>
/// <param name="Workspace">Working memory of the kernels: packed matrices, blocks of each thread.</param>
public readonly record struct MemoryUse(long Weights, long Gradients, long States, long Saved, long Temporary, long Shared, long Workspace)
{
    /// <summary>All of it, at its most.</summary>
    public long Total => Weights + Gradients + States + Saved + Temporary - Shared + Workspace;

    /// <summary>What <paramref name="device"/> holds, on which <paramref name="profile"/> saw steps.</summary>
    public static MemoryUse Of(CpuDevice device, OpProfile profile)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(profile);
        long weights = 0, gradients = 0, states = 0;
        foreach (var node in device.Lasting)
        {
            if (node.RequiresGrad) weights += node.Bytes;
            else states += node.Bytes;
            gradients += node.Grad?.Bytes ?? 0;
        }
        long saved = profile.SavedBytes;
        long rest = device.Memory.PeakBytes - weights - gradients - states - saved;
        return new MemoryUse(weights, gradients, states, saved, Math.Max(0, rest), Math.Max(0, -rest), device.WorkspaceBytes);
    }
}
