using Sinter.Tensors.Autodiff;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>An input of a checked operation: numbers from [−1, 1) unless others are given.</summary>
internal sealed record Operand(Shape Shape, float[] Values, bool WantsGrad = true)
{
    public static Operand Random(int seed, params long[] extents) => Scaled(seed, 1, extents);

    public static Operand Scaled(int seed, float scale, params long[] extents)
    {
        var shape = new Shape(extents);
        var random = new Random(seed);
        var values = new float[shape.Count];
        for (int i = 0; i < values.Length; i++) values[i] = (random.NextSingle() * 2 - 1) * scale;
        return new Operand(shape, values);
    }
}

/// <summary>
/// Checks an operation against a function in double: its value, the gradients of Σ value·r for a random r (against central differences of the
/// function in double), their accumulation, and the same bits for one thread, two, and three that are shaken.
/// </summary>
internal static unsafe class OpCheck
{
    // Rounding of a few float32 operations and sums, 2⁻²⁴ each, that grow with the root of their number;
    // central differences in double are good to 1e-9.
    private const double Tolerance = 2e-6, Floor = 1e-6;
    private const double Step = 1e-5;
    private static readonly BackwardFunction s_weightedSum = WeightedSumBackward;

    public static void Run(Func<Tensor[], Tensor> op, Func<double[][], double[]> reference, params Operand[] operands) =>
        Run(Tolerance, op, reference, operands);

    public static void Run(double tolerance, Func<Tensor[], Tensor> op, Func<double[][], double[]> reference, params Operand[] operands)
    {
        var one = Evaluate(op, operands, threads: 1, shake: false);
        SameBits(one, Evaluate(op, operands, threads: 2, shake: false), "two threads");
        SameBits(one, Evaluate(op, operands, threads: 3, shake: true), "three shaken threads");

        double[][] inputs = [.. operands.Select(o => o.Values.Select(v => (double)v).ToArray())];
        double[] value = reference(inputs), weights = [.. Weights(value.Length).Select(w => (double)w)];
        Close(one.Value, value, tolerance, "value");
        for (int i = 0; i < operands.Length; i++)
        {
            if (!operands[i].WantsGrad) continue;
            var gradient = Differences(reference, inputs, i, weights);
            Close(one.Gradients[i]!, gradient, tolerance, $"gradient {i}");
            Close(one.Twice[i]!, [.. gradient.Select(g => 2 * g)], tolerance, $"gradient {i} of two passes");
        }
    }

    /// <summary>Checks that two ways to compute the same give the same value and gradients, within rounding.</summary>
    public static void Same(double tolerance, Func<Tensor[], Tensor> op, Func<Tensor[], Tensor> other, params Operand[] operands)
    {
        Evaluation a = Evaluate(op, operands, threads: 2, shake: false), b = Evaluate(other, operands, threads: 2, shake: false);
        Close(a.Value, Double(b.Value), tolerance, "value");
        for (int i = 0; i < operands.Length; i++)
            if (operands[i].WantsGrad) Close(a.Gradients[i]!, Double(b.Gradients[i]!), tolerance, $"gradient {i}");
    }

    private static double[] Double(float[] x) => [.. x.Select(v => (double)v)];

    /// <summary>‖got − want‖ ≤ tolerance · ‖want‖ + floor.</summary>
    public static void Close(ReadOnlySpan<float> got, ReadOnlySpan<double> want, double tolerance, string what, double floor = Floor)
    {
        Assert.Equal(want.Length, got.Length);
        double error = 0, norm = 0;
        for (int i = 0; i < want.Length; i++)
        {
            error += (got[i] - want[i]) * (got[i] - want[i]);
            norm += want[i] * want[i];
        }
        (error, norm) = (Math.Sqrt(error), Math.Sqrt(norm));
        Assert.True(error <= tolerance * norm + floor, $"{what}: ‖got − want‖ = {error:g3}, ‖want‖ = {norm:g3}, relative {error / norm:g3}");
    }

    /// <summary>Σ value·r, recorded: a loss that gives each element of <paramref name="value"/> its own gradient.</summary>
    public static Tensor WeightedSum(Tensor value)
    {
        var loss = value.Device.Empty(new Shape(1));
        var r = Weights(value.Count);
        double sum = 0;
        for (int i = 0; i < r.Length; i++) sum += r[i] * value.Span[i];
        loss.Span[0] = (float)sum;
        value.Device.Tape.Record(s_weightedSum, loss, value);
        return loss;
    }

    private static void WeightedSumBackward(TapeEntry entry)
    {
        var target = entry.GradTarget(0, out bool accumulate);
        var r = Weights(target.Count);
        float upstream = entry.OutputGrad.Span[0];
        for (int i = 0; i < r.Length; i++) target.Span[i] = (accumulate ? target.Span[i] : 0) + upstream * r[i];
    }

    private static float[] Weights(long count)
    {
        var random = new Random(77);
        var r = new float[count];
        for (int i = 0; i < r.Length; i++) r[i] = random.NextSingle() * 2 - 1;
        return r;
    }

    private sealed record Evaluation(float[] Value, float[]?[] Gradients, float[]?[] Twice);

    private static Evaluation Evaluate(Func<Tensor[], Tensor> op, Operand[] operands, int threads, bool shake)
    {
        using var device = new CpuDevice(threads);
        if (shake) device.Workers.BeforeTile = tile => Thread.SpinWait(tile * 37 % 11 * 40);
        var tensors = new Tensor[operands.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            tensors[i] = device.Parameter(operands[i].Shape, operands[i].WantsGrad);
            operands[i].Values.CopyTo(tensors[i].Span);
        }
        var value = Pass(device, op, tensors);
        long blocks = device.Memory.LiveBlocks;   // gradients and tables were made in the first pass
        float[]?[] gradients = Gradients(operands, tensors);
        Pass(device, op, tensors);
        Assert.Equal(blocks, device.Memory.LiveBlocks);
        return new Evaluation(value, gradients, Gradients(operands, tensors));
    }

    private static float[] Pass(CpuDevice device, Func<Tensor[], Tensor> op, Tensor[] tensors)
    {
        float[] value;
        using (device.Scope("check"))
        {
            var result = op(tensors);
            value = result.ToArray();
            WeightedSum(result).Backward();
        }
        return value;
    }

    private static float[]?[] Gradients(Operand[] operands, Tensor[] tensors)
    {
        for (int i = 0; i < tensors.Length; i++) Assert.Equal(operands[i].WantsGrad, tensors[i].HasGrad);
        return [.. tensors.Select(t => t.HasGrad ? t.Grad.ToArray() : null)];
    }

    private static double[] Differences(Func<double[][], double[]> reference, double[][] inputs, int which, double[] weights)
    {
        var x = inputs[which];
        var gradient = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double at = x[i];
            x[i] = at + Step;
            double[] above = reference(inputs);
            x[i] = at - Step;
            double[] below = reference(inputs);
            x[i] = at;
            for (int j = 0; j < weights.Length; j++) gradient[i] += weights[j] * (above[j] - below[j]) / (2 * Step);
        }
        return gradient;
    }

    private static void SameBits(Evaluation a, Evaluation b, string what)
    {
        Same(a.Value, b.Value, $"value with {what}");
        for (int i = 0; i < a.Gradients.Length; i++)
        {
            Same(a.Gradients[i], b.Gradients[i], $"gradient {i} with {what}");
            Same(a.Twice[i], b.Twice[i], $"accumulated gradient {i} with {what}");
        }
    }

    private static void Same(float[]? a, float[]? b, string what)
    {
        if (a is null || b is null) return;
        for (int i = 0; i < a.Length; i++)
            Assert.True(BitConverter.SingleToUInt32Bits(a[i]) == BitConverter.SingleToUInt32Bits(b[i]), $"{what}: element {i} is {b[i]}, not {a[i]}");
    }
}
