namespace Sinter.Tensors.Kernels.Attention;

/// <summary>Hands out consecutive arrays, each aligned to a cache line, from a worker's part of the scratch memory.</summary>
internal unsafe struct ScratchCursor(byte* memory)
{
    private const int Tail = 4096;   // vectors may be read past the end of the last array
    private float* _at = (float*)memory;

    /// <summary>Bytes of all that was handed out.</summary>
    public readonly long Bytes => (byte*)_at - memory + Tail;

    public float* Floats(long count)
    {
        float* taken = _at;
        _at += (count + 15) & ~15L;
        return taken;
    }

    public uint* Words(long count) => (uint*)Floats(count);
}
