namespace Sinter.Tensors.Memory;

/// <summary>One block that grows to the largest request: working memory of kernels, used by one operation at a time.</summary>
internal sealed unsafe class Scratch : IDisposable
{
    private byte* _block;

    /// <summary>Bytes held.</summary>
    public long Bytes { get; private set; }

    /// <summary>At least <paramref name="bytes"/>; content undefined. The block of an earlier call is no longer valid if this one is larger.</summary>
    public byte* Get(long bytes)
    {
        if (bytes > Bytes)
        {
            Dispose();
            long size = bytes + bytes / 8 + 4096;
            _block = (byte*)SystemMemory.Allocate(size);
            Bytes = size;
        }
        return _block;
    }

    public void Dispose()
    {
        if (_block != null) SystemMemory.Free(_block);
        _block = null;
        Bytes = 0;
    }
}
