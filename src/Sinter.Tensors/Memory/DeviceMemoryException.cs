namespace Sinter.Tensors.Memory;

/// <summary>A device has no room for a block: beyond <see cref="MemoryPool.LimitBytes"/>, or more than the system has left.</summary>
public sealed class DeviceMemoryException : OutOfMemoryException
{
    /// <inheritdoc/>
    public DeviceMemoryException(string message) : base(message) { }
}
