using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels.Matrix;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private const long LogitBytes = 64 << 20;
    private static readonly BackwardFunction s_linearCrossEntropyBackward = LinearCrossEntropyBackward;

    /// <summary>
    /// The language-model head and its cross entropy in one: −Σ log softmax(x · Wᵀ)[target] ÷ count, with label smoothing and z-loss where asked,
    /// over
    /// chunks of rows, so that the full logits are never held.
    /// While the tape records, the gradients are made on the way: that of x and, at once, that of the weight.
    /// </summary>
    /// <remarks>
    /// Because of that the loss must be the root of the backward pass (or a term of it): a gradient other than 1 is refused; scale with the target
    /// count. And a loss that is thrown away has left its gradient in the weight: zero it, or pause the tape.
    /// </remarks>
    /// <param name="x">Hidden states, [..., C].</param>
    /// <param name="weight">The head, [V, C].</param>
    /// <param name="targets">int32, one per row of x, in [0, V) or ignored.</param>
    /// <param name="options">Divisor, ignored target, label smoothing and z-loss.</param>
    /// <param name="bias">Added to each row of logits, [V], or none.</param>
    /// <exception cref="ArgumentException">Shapes that do not fit, or a target outside the vocabulary.</exception>
    public static CrossEntropyResult LinearCrossEntropy(Tensor x, Tensor weight, Tensor targets, CrossEntropyOptions options, Tensor bias = default)
    {
        CheckHead(x, weight, bias, targets, options);
        long rows = x.Shape.Rows, most = Math.Max(96, LogitBytes / (weight.Shape[0] * sizeof(float))), chunks = (rows + most - 1) / most;
        return LinearCrossEntropy(x, weight, targets, options, MatrixPlan.RoundUp((rows + chunks - 1) / chunks, 12), bias);
    }

    /// <summary>The same with at most <paramref name="chunkRows"/> rows of logits at a time.</summary>
    internal static CrossEntropyResult LinearCrossEntropy(Tensor x, Tensor weight, Tensor targets, CrossEntropyOptions options, long chunkRows,
        Tensor bias = default)
    {
        var device = CpuDevice.Of(x, "linear_cross_entropy");
        long count = CheckTargets(targets, weight.Shape[0], options.IgnoredTarget);
        double divisor = Math.Max(1, options.TargetCount > 0 ? options.TargetCount : count);
        bool records = device.Tape.IsRecording && (x.RequiresGrad || weight.RequiresGrad || bias.RequiresGrad);
        var gradients = records ? new HeadGradients(device, x, weight, bias) : default;
        var total = Chunks(x, weight, bias, targets, options, records ? (float)(1 / divisor) : null, gradients, Math.Min(chunkRows, x.Shape.Rows));
        var loss = device.Empty(new Shape(1));
        loss.Span[0] = (float)((total.Sum + total.Smoothing + total.ZLoss) / divisor);
        device.Tape.Record(s_linearCrossEntropyBackward, loss, x, weight, bias);
        return total with { Loss = loss, Targets = count };
    }

    private static CrossEntropyResult Chunks(Tensor x, Tensor weight, Tensor bias, Tensor targets, in CrossEntropyOptions options, float? scale,
        HeadGradients gradients, long chunk)
    {
        var cpu = (CpuDevice)x.Device;
        long rows = x.Shape.Rows, vocabulary = weight.Shape[0], width = x.Shape[-1];
        using var scope = cpu.Scope("linear_cross_entropy");
        Tensor logits = cpu.Empty(new Shape(chunk, vocabulary)), results = cpu.Empty(new Shape(rows, RowLoss.Results));
        for (long start = 0; start < rows; start += chunk)
        {
            long height = Math.Min(chunk, rows - start);
            var xs = MatrixOperand.Of(x, width, op: "linear_cross_entropy");
            xs = xs with { Data = (nint)xs.Address(start, 0) };
            cpu.Matrix.Multiply(height, vocabulary, width, xs, new MatrixOperand(weight.F32(), width, true), logits.F32(),
                vocabulary, accumulate: false, new MatrixEpilogue { Bias = OrNull(bias, "linear_cross_entropy") });
            RowLoss.Run(cpu, logits.F32(), height, vocabulary, targets.Data<int>(DType.Int32) + start, results.F32() + start * RowLoss.Results,
                options, scale);
            gradients.Add(cpu, logits.F32(), xs, start, height, vocabulary, width, weight);
        }
        return Totals(results);
    }

    private static CrossEntropyResult Totals(Tensor results)
    {
        double sum = 0, smoothing = 0, zLoss = 0;
        long correct = 0;
        float* row = results.F32();
        for (long i = 0; i < results.Shape[0]; i++, row += RowLoss.Results)
        {
            sum += row[0];
            correct += row[1] != 0 ? 1 : 0;
            smoothing += row[2];
            zLoss += row[3];
        }
        return new CrossEntropyResult(default, sum, 0, correct) { Smoothing = smoothing, ZLoss = zLoss };
    }

    private static void LinearCrossEntropyBackward(TapeEntry entry)
    {
        float upstream = entry.OutputGrad.F32()[0];
        if (upstream != 1)
            throw new InvalidOperationException($"[linear_cross_entropy] its gradients were made in the forward pass for an upstream gradient of 1, "
                + $"and {upstream} arrived; divide through CrossEntropyOptions.TargetCount instead.");
    }

    private static void CheckHead(Tensor x, Tensor weight, Tensor bias, Tensor targets, CrossEntropyOptions options)
    {
        if (weight.Shape.Rank != 2 || x.Shape.Rank < 1 || x.Shape[-1] != weight.Shape[1])
            throw new ArgumentException($"[linear_cross_entropy] x {x.Shape} and the head {weight.Shape} do not agree in their last extent.");
        if (targets.Count != x.Shape.Rows)
            throw new ArgumentException($"[linear_cross_entropy] {targets.Count} targets for {x.Shape.Rows} rows of x {x.Shape}.");
        if (targets.Count == 0 || weight.Shape.Count == 0)
            throw new ArgumentException($"[linear_cross_entropy] x {x.Shape} and the head {weight.Shape} hold nothing to compare.");
        if (!bias.IsNone && bias.Shape != new Shape(weight.Shape[0]))
            throw new ArgumentException($"[linear_cross_entropy] the bias {bias.Shape} is not [{weight.Shape[0]}], one for each row of the head.");
        options.Check("linear_cross_entropy", weight.Shape[0]);
    }

    private static long CheckTargets(Tensor targets, long vocabulary, int ignored)
    {
        long count = 0;
        int* target = targets.Data<int>(DType.Int32);
        for (long i = 0; i < targets.Count; i++)
        {
            if (target[i] == ignored) continue;
            if ((ulong)target[i] >= (ulong)vocabulary)
                throw new ArgumentException($"[linear_cross_entropy] target {i} is {target[i]}; the vocabulary has {vocabulary} tokens.");
            count++;
        }
        return count;
    }

    /// <summary>Where the gradients go, chunk by chunk; nowhere for tensors that want none.</summary>
    private struct HeadGradients
    {
        private readonly Tensor _dx, _dw, _db;
        private readonly bool _addX;
        private bool _addWeight, _addBias;

        public HeadGradients(Device device, Tensor x, Tensor weight, Tensor bias)
        {
            if (x.RequiresGrad) _dx = device.Tape.GradTarget(x, out _addX);
            if (weight.RequiresGrad) _dw = device.Tape.GradTarget(weight, out _addWeight);
            if (bias.RequiresGrad) _db = device.Tape.GradTarget(bias, out _addBias);
        }

        public void Add(CpuDevice cpu, float* dlogits, MatrixOperand xs, long start, long height, long vocabulary, long width, Tensor head)
        {
            if (!_dx.IsNone) cpu.Matrix.Multiply(height, width, vocabulary, new MatrixOperand(dlogits, vocabulary),
                new MatrixOperand(head.F32(), width), _dx.F32() + start * width, width, _addX);
            if (!_dw.IsNone) cpu.Matrix.Multiply(vocabulary, width, height, new MatrixOperand(dlogits, vocabulary, true),
                xs, _dw.F32(), width, _addWeight);
            if (!_db.IsNone) SumColumns(cpu, dlogits, height, vocabulary, vocabulary, _db.F32(), _addBias);
            _addWeight = _addBias = true;
        }
    }

    public static partial class Compose
    {
        /// <summary>
        /// <see cref="Op.LinearCrossEntropy(Tensor, Tensor, Tensor, CrossEntropyOptions, Tensor)"/> of plain operations: all logits are held, and any
        /// gradient may arrive.
        /// </summary>
        public static CrossEntropyResult LinearCrossEntropy(Tensor x, Tensor weight, Tensor targets, CrossEntropyOptions options, Tensor bias = default)
        {
            CheckHead(x, weight, bias, targets, options);
            long count = CheckTargets(targets, weight.Shape[0], options.IgnoredTarget),
                divisor = Math.Max(1, options.TargetCount > 0 ? options.TargetCount : count), correct = 0;
            var logits = MatMul(x.Reshape(x.Shape.Rows, x.Shape[-1]), weight, transposeB: true);
            if (!bias.IsNone) logits = AddBias(logits, bias);
            if (options.SoftCap > 0) logits = SoftCap(logits, options.SoftCap);
            int* ids = targets.Data<int>(DType.Int32, "linear_cross_entropy");
            for (long row = 0; row < logits.Shape[0]; row++)
            {
                var values = new ReadOnlySpan<float>(logits.F32() + row * logits.Shape[1], (int)logits.Shape[1]);
                if (ids[row] != options.IgnoredTarget && values.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(values)) == ids[row]) correct++;
            }
            var logs = LogSoftmax(logits);
            var sum = options.ClassWeights.IsNone ? Scale(CrossEntropy(logits, targets, options.IgnoredTarget), count)
                : Scale(Op.Sum(Multiply(logs, Chosen(logits, ids, options))), -1);
            var (smoothing, zLoss) = Terms(logits, logs, sum, ids, options);
            return new CrossEntropyResult(Scale(Add(Add(sum, smoothing), zLoss), (float)(1.0 / divisor)), sum.Item, count, correct)
            {
                Smoothing = smoothing.Item,
                ZLoss = zLoss.Item,
            };
        }

        /// <summary>One-hot rows of the targets, times their class's weight; zeros where there is none.</summary>
        private static Tensor Chosen(Tensor logits, int* ids, in CrossEntropyOptions options)
        {
            var chosen = logits.Device.Zeros(logits.Shape);
            for (long row = 0; row < logits.Shape[0]; row++)
                if (ids[row] != options.IgnoredTarget) chosen.F32()[row * logits.Shape[1] + ids[row]] = options.WeightOf(ids[row]);
            return chosen;
        }

        private static (Tensor Smoothing, Tensor ZLoss) Terms(Tensor logits, Tensor logs, Tensor sum, int* ids, in CrossEntropyOptions options)
        {
            var counted = logits.Device.Empty(new Shape(logits.Shape[0], 1));
            for (int row = 0; row < counted.Count; row++) counted.Span[row] = ids[row] == options.IgnoredTarget ? 0 : 1;
            Tensor weighted = options.ClassWeights.IsNone ? logs : Multiply(logs, options.ClassWeights),
                uniform = Scale(Op.Sum(Multiply(MeanLast(weighted), counted)), -1), logZ = Multiply(MeanLast(Subtract(logits, logs)), counted);
            return (Scale(Subtract(uniform, sum), options.LabelSmoothing), Scale(Op.Sum(Multiply(logZ, logZ)), options.ZLoss));
        }
    }
}
