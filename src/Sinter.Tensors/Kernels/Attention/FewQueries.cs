using System.Runtime.Intrinsics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Attention of few queries to many keys, as in generation: keys and values are read once, where they lie. A tile is one sequence and one
/// query head.
/// </summary>
internal readonly unsafe struct FewQueries(AttentionShape s, float* output, byte* scratch, long perWorker) : ITileBody
{
    /// <summary>The most queries that go this way.</summary>
    public const int Most = 4;

    public static void Run(CpuDevice cpu, AttentionShape shape, float* output)
    {
        long perWorker = (shape.PaddedKeys + Vec.Count) * sizeof(float);
        cpu.Workers.Run(checked((int)(shape.Batch * shape.Heads)),
            new FewQueries(shape, output, cpu.Working.Get(perWorker * cpu.Workers.Count), perWorker));
    }

    public void Run(int tile, int worker)
    {
        int head = tile % s.Heads, kvHead = head / s.GroupSize;
        long batch = tile / s.Heads;
        float* scores = (float*)(scratch + perWorker * worker);
        for (long query = 0; query < s.Queries; query++) Query(batch, head, kvHead, query, scores);
    }

    private void Query(long batch, int head, int kvHead, long query, float* scores)
    {
        float* y = output + ((batch * s.Queries + query) * s.Heads + head) * s.HeadSize, q = s.Query(batch, head, query);
        new Span<float>(y, s.HeadSize).Clear();
        long first = s.FirstKey(query), end = s.EndKey(query);
        int count = (int)(end - first);
        if (count <= 0) return;
        for (int i = 0; i < count; i++) scores[i] = Dot(q, s.Key(batch, kvHead, first + i)) * s.Scale;
        float sum = Exponentials(scores, count);
        for (int i = 0; i < count; i++) AddScaled(y, s.Value(batch, kvHead, first + i), scores[i]);
        HeadRows.Copy(y, 0, 1, s.HeadSize, y, 0, 1 / sum);
    }

    /// <summary>Soft cap and exp(score − largest) over a row; returns the sum.</summary>
    private float Exponentials(float* scores, int count)
    {
        int padded = (count + Vec.Count - 1) & -Vec.Count;
        if (s.SoftCap != 0)
            for (int i = 0; i < count; i += Vec.Count)
                Vector512.Store(VectorMath.Tanh(Vector512.Load(scores + i) * (1 / s.SoftCap)) * s.SoftCap, scores + i);
        new Span<float>(scores + count, padded - count).Fill(float.NegativeInfinity);
        Vec max = Vector512.Load(scores), sum = default;
        for (int i = Vec.Count; i < padded; i += Vec.Count) max = Vector512.Max(max, Vector512.Load(scores + i));
        var shift = Vector512.Create(VectorMath.Max(max));
        for (int i = 0; i < padded; i += Vec.Count)
        {
            var e = VectorMath.Exp(Vector512.Load(scores + i) - shift);
            Vector512.Store(e, scores + i);
            sum += e;
        }
        return VectorMath.Sum(sum);
    }

    private float Dot(float* x, float* y)
    {
        Vec sum = default;
        for (int i = 0; i < s.HeadSize; i += Vec.Count)
        {
            int part = Math.Min(Vec.Count, s.HeadSize - i);
            sum = Vector512.FusedMultiplyAdd(Elementwise.LoadPart(x + i, part), Elementwise.LoadPart(y + i, part), sum);
        }
        return VectorMath.Sum(sum);
    }

    private void AddScaled(float* y, float* x, float factor)
    {
        var f = Vector512.Create(factor);
        for (int i = 0; i < s.HeadSize; i += Vec.Count)
        {
            int part = Math.Min(Vec.Count, s.HeadSize - i);
            Elementwise.StorePart(Vector512.FusedMultiplyAdd(f, Elementwise.LoadPart(x + i, part), Elementwise.LoadPart(y + i, part)), y + i, part);
        }
    }
}
