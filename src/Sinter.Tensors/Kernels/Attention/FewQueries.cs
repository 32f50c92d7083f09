using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Attention of few queries to many keys, as in generation: bound by reading keys and values, which is done once, where they lie, whole rows
/// with all their heads. A tile is one sequence and sixteen keys; what each finds is put together afterwards, as softmaxes over parts can be
/// (Milakov and Gimelshein, 2018, section 3.1).
/// </summary>
internal readonly unsafe struct FewQueries(AttentionShape s, int blocks, float* parts, float* scratch) : ITileBody
{
    /// <summary>The most queries that go this way.</summary>
    public const int Most = 4;

    private const int Keys = 16;   // a vector of scores

    private long Start => s.FirstKey(0);

    private int ScratchSize => s.Heads * Keys;

    /// <summary>Numbers that a tile leaves for a query: each head's weighted values, then the largest scores and the sums of exponentials.</summary>
    private int PartSize => s.Heads * (s.HeadSize + 2);

    public static void Run(CpuDevice cpu, AttentionShape shape, float* output)
    {
        int blocks = checked((int)Math.Max(1, (shape.EndKey(shape.Queries - 1) - shape.FirstKey(0) + Keys - 1) / Keys));
        var tiles = new FewQueries(shape, blocks, null, null);
        long scratch = (long)tiles.ScratchSize * cpu.Workers.Count;
        float* memory = (float*)cpu.Working.Get((scratch + shape.Batch * blocks * shape.Queries * tiles.PartSize) * sizeof(float));
        cpu.Workers.Run(checked((int)(shape.Batch * blocks)), new FewQueries(shape, blocks, memory + scratch, memory));
        cpu.Workers.Run(checked((int)(shape.Batch * shape.Queries * shape.Heads)),
            new Merge(shape, blocks, tiles.PartSize, memory + scratch, output));
    }

    public void Run(int tile, int worker)
    {
        long batch = tile / blocks, key = Start + (long)(tile % blocks) * Keys;
        for (long query = 0; query < s.Queries; query++)
            Query(batch, query, key, parts + (tile * s.Queries + query) * PartSize, scratch + (long)worker * ScratchSize);
    }

    private void Query(long batch, long query, long key, float* part, float* scores)
    {
        long first = Math.Max(key, s.FirstKey(query));
        int count = (int)Math.Max(0, Math.Min(key + Keys, s.EndKey(query)) - first);
        new Span<float>(part, s.Heads * s.HeadSize).Clear();
        new Span<float>(scores, ScratchSize).Fill(float.NegativeInfinity);
        for (int i = 0; i < count; i++) FetchRow((float*)s.Value(batch, 0, first + i));
        for (int i = 0; i < count; i++)
            for (int head = 0; head < s.Heads; head++)
                scores[head * Keys + i] = Dot((float*)s.Query(batch, head, query), (float*)s.Key(batch, head / s.GroupSize, first + i));
        float* max = part + s.Heads * s.HeadSize, sum = max + s.Heads;
        for (int head = 0; head < s.Heads; head++) sum[head] = Exponentials(scores + head * Keys, count, out max[head]);
        for (int i = 0; i < count; i++)
            for (int head = 0; head < s.Heads; head++)
                AddScaled(part + head * s.HeadSize, (float*)s.Value(batch, head / s.GroupSize, first + i), scores[head * Keys + i]);
    }

    /// <summary>Scale, soft cap and exp(score − largest) of a head's scores; −∞ beyond <paramref name="count"/>.</summary>
    private float Exponentials(float* scores, int count, out float max)
    {
        max = float.NegativeInfinity;
        if (count == 0) return 0;
        var x = Vector512.Load(scores) * s.Scale;
        if (s.SoftCap != 0) x = VectorMath.Tanh(x * (1 / s.SoftCap)) * s.SoftCap;
        var there = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
        x = Vector512.ConditionalSelect(there, x, Vector512.Create(float.NegativeInfinity));
        max = VectorMath.Max(x);
        x = VectorMath.Exp(x - Vector512.Create(max));
        Vector512.Store(x, scores);
        return VectorMath.Sum(x);
    }

    /// <summary>Values are on their way to the cache while the keys are multiplied.</summary>
    private void FetchRow(float* row)
    {
        if (!Sse.IsSupported) return;
        for (int i = 0; i < s.KvHeads * s.HeadSize; i += Vec.Count) Sse.Prefetch1(row + i);
    }

    private float Dot(float* x, float* y)
    {
        Vec sum = default;
        int i = 0;
        for (; i + Vec.Count <= s.HeadSize; i += Vec.Count) sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(y + i), sum);
        if (i < s.HeadSize)
            sum = Vector512.FusedMultiplyAdd(Elementwise.LoadPart(x + i, s.HeadSize - i), Elementwise.LoadPart(y + i, s.HeadSize - i), sum);
        return VectorMath.Sum(sum);
    }

    private void AddScaled(float* y, float* x, float factor)
    {
        var f = Vector512.Create(factor);
        int i = 0;
        for (; i + Vec.Count <= s.HeadSize; i += Vec.Count)
            Vector512.Store(Vector512.FusedMultiplyAdd(f, Vector512.Load(x + i), Vector512.Load(y + i)), y + i);
        for (; i < s.HeadSize; i++) y[i] = MathF.FusedMultiplyAdd(factor, x[i], y[i]);
    }

    /// <summary>Adds what the tiles found, each with the weight of its largest score beside the largest of all. A tile is a query's head.</summary>
    private readonly struct Merge(AttentionShape s, int blocks, int partSize, float* parts, float* output) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            int head = tile % s.Heads;
            long row = tile / s.Heads, stride = s.Queries * partSize;
            float* first = parts + (row / s.Queries * blocks * s.Queries + row % s.Queries) * partSize, y = output + (long)tile * s.HeadSize;
            float* maxima = first + s.Heads * s.HeadSize + head;
            new Span<float>(y, s.HeadSize).Clear();
            float max = float.NegativeInfinity, sum = 0;
            for (int b = 0; b < blocks; b++) max = MathF.Max(max, maxima[b * stride]);
            if (max == float.NegativeInfinity) return;   // a query that sees no key
            for (int b = 0; b < blocks; b++) sum += MathF.Exp(maxima[b * stride] - max) * maxima[b * stride + s.Heads];
            for (int b = 0; b < blocks; b++) Add(y, first + b * stride + head * s.HeadSize, MathF.Exp(maxima[b * stride] - max) / sum);
        }

        private void Add(float* y, float* x, float factor)
        {
            var f = Vector512.Create(factor);
            for (int i = 0; i < s.HeadSize; i += Vec.Count)
            {
                int part = Math.Min(Vec.Count, s.HeadSize - i);
                Elementwise.StorePart(Vector512.FusedMultiplyAdd(f, Elementwise.LoadPart(x + i, part), Elementwise.LoadPart(y + i, part)), y + i, part);
            }
        }
    }
}
