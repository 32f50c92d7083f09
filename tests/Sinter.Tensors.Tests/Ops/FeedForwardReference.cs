using Sinter.Tensors.Ops;
using Sinter.Tensors.Tests.Kernels;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>
/// A feed-forward layer and its gradients in double. Where products are of bfloat16, factors and what is kept can be rounded as the operation
/// says it rounds them, so that only sums differ.
/// </summary>
internal sealed class FeedForwardReference
{
    /// <summary>The result.</summary>
    public double[] Y { get; }

    /// <summary>Gradients of Σ y·dy for x, W₁, b₁, W₂, b₂.</summary>
    public double[][] Gradients { get; }

    /// <param name="data">x, W₁, b₁, W₂, b₂, residual, dy.</param>
    /// <param name="inputs">Columns of x.</param>
    /// <param name="inner">Columns between the products.</param>
    /// <param name="layout">How both weights lie.</param>
    /// <param name="rounds">Whether to round to bfloat16.</param>
    /// <param name="activation">Between the products.</param>
    public FeedForwardReference(float[][] data, int inputs, int inner, WeightLayout layout, bool rounds, Activation activation)
    {
        double[] Rounded(double[] v) => rounds ? Array.ConvertAll(v, e => (double)BFloat16Numbers.Nearest((float)e)) : v;
        double[] Factor(int i) => Rounded(Array.ConvertAll(data[i], v => (double)v));
        int rows = data[0].Length / inputs, outputs = data[6].Length / rows;
        bool turned = layout == WeightLayout.OutputsByInputs;
        double[] x = Factor(0), up = Factor(1), down = Factor(3), dy = Factor(6);
        double[] Product(double[] a, double[] b, int m, int n, bool transposeA, bool transposeB) =>
            MatMulTests.Product(a, b, 1, m, n, a.Length / m, transposeA, transposeB);

        double[] before = [.. Product(x, up, rows, inner, false, turned).Select((v, i) => v + data[2][i % inner])];
        double[] kept = Rounded(before), after = Rounded(Array.ConvertAll(before, v => ActivationReference.Value(activation, v)));
        Y = [.. Product(after, down, rows, outputs, false, turned).Select((v, i) => v + data[4][i % outputs] + data[5][i])];

        double[] dBefore = Rounded([.. Product(dy, down, rows, inner, false, !turned).Select((v, i) => v * ActivationReference.Slope(activation, kept[i]))]);
        double[] again = Rounded(Array.ConvertAll(kept, v => ActivationReference.Value(activation, v)));
        double[] WeightGradient(double[] from, double[] gradient, int wide, int high) =>
            turned ? Product(gradient, from, high, wide, true, false) : Product(from, gradient, wide, high, true, false);
        Gradients = [Product(dBefore, up, rows, inputs, false, !turned), WeightGradient(x, dBefore, inputs, inner), Columns(dBefore, inner),
            WeightGradient(again, dy, inner, outputs), Columns(Array.ConvertAll(data[6], v => (double)v), outputs)];
    }

    private static double[] Columns(double[] x, int columns)
    {
        var sums = new double[columns];
        for (int i = 0; i < x.Length; i++) sums[i % columns] += x[i];
        return sums;
    }
}
