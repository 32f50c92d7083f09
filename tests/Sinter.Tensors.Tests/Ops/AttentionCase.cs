using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>One attention to check: its numbers, how its roles lie in memory, and what it is compared with.</summary>
internal sealed unsafe record AttentionCase(int Batch, int Queries, int Keys, AttentionOptions Options)
{
    /// <summary>All three roles in one projection, which needs as many queries as keys.</summary>
    public bool Shared { get; init; }

    public int Threads { get; init; } = 2;
    public bool Shaken { get; init; }
    public MicroKernel? Kernel { get; init; }
    public Precision Precision { get; init; } = Precision.Float32;

    /// <summary>Whether the gradients start from what an earlier pass left.</summary>
    public bool Accumulates { get; init; }

    public float Spread { get; init; } = 1;

    /// <summary>Segments of the keys, [B, S], and of the queries where they are not the last of the keys, [B, T].</summary>
    internal int[]? Segments { get; init; }
    internal int[]? QuerySegments { get; init; }

    private int Width => Options.NumHeads * Options.HeadSize;
    private int KvWidth => Options.NumKvHeads * Options.HeadSize;

    internal float[] Q => Random(1, Queries * Width, Spread);
    internal float[] K => Random(2, Keys * KvWidth, Spread);
    internal float[] V => Random(3, Keys * KvWidth, 1);
    internal float[] DY => Random(4, Queries * Width, 1);

    public static AttentionOptions Heads(int heads, int size, int kvHeads = 0, bool causal = true) =>
        new() { NumHeads = heads, NumKvHeads = kvHeads == 0 ? heads : kvHeads, HeadSize = size, Causal = causal };

    public AttentionReference Reference()
    {
        var reference = new AttentionReference(Options, Batch, Queries, Keys, Q, K, V);
        if (Segments is not null) reference.Sees = (b, t, s) =>
            (QuerySegments?[b * Queries + t] ?? Segments[b * Keys + t + Keys - Queries]) == Segments[b * Keys + s];
        return reference;
    }

    public AttentionExtras Extras(Device device) => new(
        Segments is null ? default : device.From(Segments, Batch, Keys),
        QuerySegments is null ? default : device.From(QuerySegments, Batch, Queries));

    /// <summary>The value without a recording tape.</summary>
    public float[] Value()
    {
        using var device = Device();
        using var pause = device.Tape.Pause();
        return Op.Attention(new(device.From(Q, Batch, Queries, Width)), new(device.From(K, Batch, Keys, KvWidth)),
            new(device.From(V, Batch, Keys, KvWidth)), Options, Extras(device)).ToArray();
    }

    /// <summary>Value and gradients.</summary>
    public (float[] Y, float[] DQ, float[] DK, float[] DV) Evaluate() => Shared ? EvaluateShared() : EvaluateApart();

    /// <summary>Value and gradients against the definition in double.</summary>
    public void Check(AttentionReference? reference = null)
    {
        var want = (reference ?? Reference()).Run(DY);
        var got = Evaluate();
        int passes = Accumulates ? 2 : 1;
        Near(got.Y, want.Y, 1, "value", BFloat16Value);
        Near(got.DQ, want.DQ, passes, "gradient of the queries", BFloat16QueryGradient);
        Near(got.DK, want.DK, passes, "gradient of the keys", BFloat16KeyGradient);
        Near(got.DV, want.DV, passes, "gradient of the values", BFloat16ValueGradient);
    }

    // bfloat16: what scaled_dot_product_attention of PyTorch 2.14.1 with bfloat16 tensors is off from double for standard normal numbers lies, over
    // lengths from 16 to 1,024 and head sizes from 8 to 160, between 2.7e-3 and 4.1e-3 for the value, 4.0 and 5.2 for the queries' gradient, 4.0 and
    // 6.0 for the keys', 3.2 and 5.4 for the values'; on the same numbers Sinter's was at most 0.95 of it. It grows with the spread, faster where the
    // scores' own errors come through a difference.
    private double BFloat16Value => 4.0e-3 * Math.Max(1, Spread);
    private double BFloat16ValueGradient => 4.2e-3 * Math.Max(1, Spread);
    private double BFloat16QueryGradient => 5.0e-3 * Math.Pow(Math.Max(1, Spread), 1.5);
    private double BFloat16KeyGradient => 5.0e-3 * Math.Pow(Math.Max(1, Spread), 1.5);

    private bool IsBFloat16 => Kernel?.IsBFloat16 ?? Precision == Precision.BFloat16;

    // float32: scores are sums of D products and outputs of S, each rounded by 2⁻²⁴, which grows with the root of their number; an error e of a
    // score is a relative error e of its weight, and scores reach about 5 · spread². A single wrong or lost key would be 1e-3 or more. The floor,
    // 1e-6 an element, is for gradients that are zero as differences of numbers near 1.
    public void Near(float[] got, double[] want, double factor, string what, double bfloat16 = 0)
    {
        Assert.Equal(want.Length, got.Length);
        double error = 0, norm = 0;
        for (int i = 0; i < want.Length; i++)
        {
            error += Math.Pow(got[i] - want[i] * factor, 2);
            norm += want[i] * want[i] * factor * factor;
        }
        double tolerance = IsBFloat16 ? bfloat16 : 3e-6 * Math.Max(1, Spread * Spread);
        Assert.True(Math.Sqrt(error) <= tolerance * Math.Sqrt(norm) + 1e-6 * Math.Sqrt(want.Length),
            $"{this}: {what} is {Math.Sqrt(error):g3} off, ‖want‖ = {Math.Sqrt(norm):g3}");
    }

    private CpuDevice Device()
    {
        var device = new CpuDevice(Threads, Precision);
        if (Shaken) device.Workers.BeforeTile = tile => Thread.Sleep(tile * 7 % 3);
        if (Kernel is { } kernel) device.BlockKernel = kernel;
        return device;
    }

    private (float[], float[], float[], float[]) EvaluateApart()
    {
        using var device = Device();
        Tensor q = Parameter(device, Q, Queries, Width), k = Parameter(device, K, Keys, KvWidth), v = Parameter(device, V, Keys, KvWidth);
        float[] y = Pass(device, new(q), new(k), new(v));
        return (y, q.Grad.ToArray(), k.Grad.ToArray(), v.Grad.ToArray());
    }

    private (float[], float[], float[], float[]) EvaluateShared()
    {
        Assert.Equal(Queries, Keys);
        using var device = Device();
        int width = Width + 2 * KvWidth;
        var all = new float[Batch * Queries * width];
        Put(Q, all, Width, 0, width);
        Put(K, all, KvWidth, Width, width);
        Put(V, all, KvWidth, Width + KvWidth, width);
        var projection = Parameter(device, all, Queries, width);
        float[] y = Pass(device, new(projection), new(projection, Width), new(projection, Width + KvWidth)), gradient = projection.Grad.ToArray();
        return (y, Take(gradient, Width, 0, width), Take(gradient, KvWidth, Width, width), Take(gradient, KvWidth, Width + KvWidth, width));
    }

    private float[] Pass(CpuDevice device, HeadColumns q, HeadColumns k, HeadColumns v)
    {
        float[] y = [];
        for (int pass = 0; pass < (Accumulates ? 2 : 1); pass++)
            using (device.Scope("attention test"))
            {
                // Buffers come back from the pool with what was in them: what an operation forgets to write must be seen.
                device.Empty(q.Tensor.Shape).Span.Fill(float.NaN);
                device.Empty(k.Tensor.Shape).Span.Fill(float.NaN);
                var result = Op.Attention(q, k, v, Options, Extras(device));
                y = result.ToArray();
                OpProbe.Backward(result, DY);
            }
        return y;
    }

    private Tensor Parameter(CpuDevice device, float[] values, int rows, int width)
    {
        var tensor = device.Parameter(new Shape(Batch, rows, width));
        values.CopyTo(tensor.Span);
        return tensor;
    }

    private float[] Random(int seed, int count, float spread)
    {
        var random = new Random(seed * 1000 + Queries);
        var values = new float[Batch * count];
        for (int i = 0; i < values.Length; i++) values[i] = spread * MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(MathF.Tau * random.NextSingle());
        return values;
    }

    private static void Put(float[] part, float[] whole, int width, int column, int stride)
    {
        for (int r = 0; r * width < part.Length; r++) part.AsSpan(r * width, width).CopyTo(whole.AsSpan(r * stride + column));
    }

    private static float[] Take(float[] whole, int width, int column, int stride)
    {
        var part = new float[whole.Length / stride * width];
        for (int r = 0; r * width < part.Length; r++) whole.AsSpan(r * stride + column, width).CopyTo(part.AsSpan(r * width));
        return part;
    }
}
