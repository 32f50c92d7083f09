using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    private static readonly BackwardFunction s_elementLossBackward = ElementLossBackward;

    /// <summary>
    /// The distance of predicted numbers from given ones: for regression and for labels that do not exclude each other. Rows are examples. Each term is
    /// computed in double precision, and added in the order of the elements.
    /// </summary>
    /// <param name="x">Predictions, or logits where the distance is a cross entropy; [N, K].</param>
    /// <param name="values">float32 [N, K].</param>
    /// <param name="options">Distance, mean or sum, weights of columns.</param>
    /// <returns>Loss; as Sum, that of each row, the mean or the sum over its columns, added up; as Targets the rows; and as Correct, for the binary cross
    /// entropy, the rows whose every logit is on the side of ½ that its value is.</returns>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static CrossEntropyResult ElementLoss(Tensor x, Tensor values, in ElementLossOptions options)
    {
        const string op = "element_loss";
        if (x.Shape.Rank != 2 || x.Shape != values.Shape || x.Count == 0)
            throw new ArgumentException($"[{op}] predictions {x.Shape} and values {values.Shape} are not both [examples, numbers].");
        var cpu = CpuDevice.Of(x, op);
        long rows = x.Shape[0], columns = x.Shape[1];
        options.Check(op, columns);
        double divisor = options.IsSum ? 1 : (double)columns * (options.RowCount > 0 ? options.RowCount : rows);
        Tensor loss = cpu.Empty(new Shape(1)), gradient = cpu.Empty(x.Shape), results = cpu.Zeros(new Shape(2), DType.Float64);
        double* totals = results.Data<double>(DType.Float64, op);
        cpu.Workers.Run(1, new ElementLossBody(options.Kind, options.Delta, 1 / divisor, rows, columns, x.F32(op), values.F32(op), OrNull(options.Weights, op), gradient.F32(op),
            totals));
        loss.F32(op)[0] = (float)(totals[0] / divisor);
        var result = new CrossEntropyResult(loss, options.IsSum ? totals[0] : totals[0] / columns, rows, (long)totals[1]);
        cpu.Release(results.Live());
        if (cpu.Tape.Record(s_elementLossBackward, loss, x, gradient) is { } entry) entry.Owns(gradient);
        else cpu.Release(gradient.Live());
        return result;
    }

    private static void ElementLossBackward(TapeEntry entry)
    {
        const string op = "element_loss";
        Tensor gradient = entry[1], dx = entry.GradTarget(0, out bool accumulate);
        Elementwise.Run(CpuDevice.Of(dx, op), new ScaleFunction(entry.OutputGrad.F32(op)[0]), dx.F32(op), dx.Count, gradient.F32(op), accumulate: accumulate);
    }

    private readonly struct ElementLossBody(ElementLossKind kind, double delta, double scale, long rows, long columns, float* x, float* values, float* weights,
        float* gradient, double* totals) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = 0; row < rows; row++)
            {
                bool right = kind == ElementLossKind.BinaryCrossEntropy;
                for (long column = 0; column < columns; column++)
                {
                    long i = row * columns + column;
                    double weight = weights == null ? 1 : weights[column], value = Value(x[i], values[i], out double slope);
                    totals[0] += weight * value;
                    gradient[i] = (float)(weight * slope * scale);
                    right &= x[i] > 0 == values[i] > 0.5f;
                }
                if (right) totals[1]++;
            }
        }

        private double Value(double x, double y, out double slope)
        {
            double d = x - y, size = Math.Abs(d);
            switch (kind)
            {
                case ElementLossKind.SquaredError:
                    slope = 2 * d;
                    return d * d;
                case ElementLossKind.BinaryCrossEntropy:
                    double e = Math.Exp(-Math.Abs(x));   // neither branch overflows
                    slope = (x >= 0 ? 1 : e) / (1 + e) - y;
                    return Math.Max(x, 0) - x * y + Math.Log(1 + e);
                case ElementLossKind.Huber when size <= delta:
                    slope = d;
                    return d * d / 2;
                default:
                    double step = kind == ElementLossKind.Huber ? delta : 1;
                    slope = double.IsNaN(d) ? d : step * Math.Sign(d);
                    return step * size - (kind == ElementLossKind.Huber ? delta * delta / 2 : 0);
            }
        }
    }
}
