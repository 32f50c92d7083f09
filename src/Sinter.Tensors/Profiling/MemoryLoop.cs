using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Profiling;

/// <summary>What is done to memory.</summary>
internal enum MemoryTraffic
{
    Read,
    Write,
    Copy,
}

/// <summary>Reads, writes or copies memory in chunks, every <paramref name="tiles"/>-th one in a tile.</summary>
internal readonly unsafe struct MemoryLoop(MemoryTraffic traffic, byte* source, byte* target, long bytes, int tiles) : ITileBody
{
    public const long Chunk = 1 << 20;

    public void Run(int tile, int worker)
    {
        Vec sum = default;
        for (long at = tile * Chunk; at < bytes; at += tiles * Chunk)
        {
            if (traffic == MemoryTraffic.Read) sum += Sum((float*)(source + at));
            else if (traffic == MemoryTraffic.Write) Fill((float*)(target + at));
            else Copy((float*)(source + at), (float*)(target + at));
        }
        if (sum[0] != 0) throw new InvalidOperationException("[memory] zeros were read as something else.");   // without a use, nothing would be read
    }

    private static Vec Sum(float* x)
    {
        Vec s0 = default, s1 = default, s2 = default, s3 = default;
        for (float* end = x + Chunk / sizeof(float); x < end; x += 64)
        {
            s0 += Vector512.Load(x);
            s1 += Vector512.Load(x + 16);
            s2 += Vector512.Load(x + 32);
            s3 += Vector512.Load(x + 48);
        }
        return s0 + s1 + (s2 + s3);
    }

    private static void Fill(float* y)
    {
        for (float* end = y + Chunk / sizeof(float); y < end; y += 32)
        {
            Vector512.Store(Vec.Zero, y);
            Vector512.Store(Vec.Zero, y + 16);
        }
    }

    private static void Copy(float* x, float* y)
    {
        for (float* end = x + Chunk / sizeof(float); x < end; x += 32, y += 32)
        {
            Vector512.Store(Vector512.Load(x), y);
            Vector512.Store(Vector512.Load(x + 16), y + 16);
        }
    }
}
