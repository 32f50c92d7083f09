namespace Sinter.Tensors.Memory;

/// <summary>
/// While one is open, what matrix products make of weights on their way to the processor is kept for the next product with the same weight. Opened by
/// <see cref="Device.HoldWeights"/>; dispose it to give the memory back.
/// </summary>
public sealed class WeightHold : IDisposable
{
    private Device? _device;

    internal WeightHold(Device device) => _device = device;

    /// <summary>Ends the hold.</summary>
    public void Dispose()
    {
        _device?.EndHold();
        _device = null;
    }
}
