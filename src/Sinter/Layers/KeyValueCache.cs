using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>Keys and values of every layer for the positions already computed, so that generation computes each position once.</summary>
public sealed class KeyValueCache
{
    private readonly (Tensor Keys, Tensor Values)[] _layers;

    /// <summary>Makes room, in the device's innermost scope.</summary>
    /// <param name="device">Where.</param>
    /// <param name="layers">Layers of the model.</param>
    /// <param name="batch">Sequences.</param>
    /// <param name="capacity">Positions.</param>
    /// <param name="width">Key and value heads × head size.</param>
    public KeyValueCache(Device device, int layers, int batch, int capacity, int width)
    {
        ArgumentNullException.ThrowIfNull(device);
        Capacity = capacity;
        _layers = new (Tensor, Tensor)[layers];
        var shape = new Shape(batch, capacity, width);
        for (int i = 0; i < layers; i++) _layers[i] = (device.Empty(shape), device.Empty(shape));
    }

    /// <summary>Positions held.</summary>
    public int Length { get; private set; }

    /// <summary>Positions there is room for.</summary>
    public int Capacity { get; }

    /// <summary>Adds the keys and values of new positions of one layer and gives all of them, the new ones included.</summary>
    internal (HeadColumns Keys, HeadColumns Values, long Count) Append(int layer, HeadColumns keys, HeadColumns values)
    {
        long added = keys.Tensor.Shape[1];
        if (Length + added > Capacity) throw new InvalidOperationException($"The key-value cache holds {Length} of {Capacity} positions and has no room for {added} more.");
        var (allKeys, allValues) = _layers[layer];
        Op.CopyColumns(keys, allKeys, Length);
        Op.CopyColumns(values, allValues, Length);
        return (new HeadColumns(allKeys), new HeadColumns(allValues), Length + added);
    }

    /// <summary>Says that all layers hold <paramref name="added"/> more positions.</summary>
    internal void Advance(int added) => Length += added;

    /// <summary>Forgets all positions.</summary>
    public void Clear() => Length = 0;
}
