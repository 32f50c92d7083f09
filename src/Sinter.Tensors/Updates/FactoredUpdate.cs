using System.Numerics;
using Sinter.Tensors.Profiling;

namespace Sinter.Tensors.Updates;

/// <summary>The numbers of one update by <see cref="FactoredUpdate"/>, in the letters of Shazeer and Stern (2018), algorithm 4.</summary>
/// <param name="GradientScale">Factor of the gradients: the clip factor.</param>
/// <param name="Fresh">1 − β̂₂: what the squares of this gradient count for.</param>
/// <param name="RelativeStep">ρ: the step, or its ratio to the weight's root mean square.</param>
/// <param name="ScaleByWeight">Whether the step is <paramref name="RelativeStep"/> · max(ε₂, RMS(weight)).</param>
/// <param name="Epsilon1">ε₁, in the places where PyTorch has it; null is the machine epsilon.</param>
/// <param name="Epsilon2">ε₂: the least scale.</param>
/// <param name="Clip">d: the largest root mean square of the update.</param>
/// <param name="Shrink">Factor of the weight: 1 − α · λ.</param>
public readonly record struct FactoredRule(double GradientScale, double Fresh, double RelativeStep, bool ScaleByWeight, double? Epsilon1, double Epsilon2, double Clip, double Shrink);

/// <summary>
/// Adafactor's update (Shazeer and Stern, 2018). Three passes over memory, the least that the definition allows: sums of squares by row and column, the root mean square of
/// the update, the update. 24 bytes an element in float32, where AdamW moves 28.
/// </summary>
/// <remarks>
/// With R and C the running means of squared gradients by row and by column, V̂ = R C ÷ max(mean R, ε₁) and U = G ÷ max(√V̂, ε₁). As U = G ρᵢ κⱼ,
/// with ρᵢ = (Rᵢ ÷ max(mean R, ε₁))^−½
/// and κⱼ = Cⱼ^−½, an element costs no root and no division. Sums of rows and tiles are added up in float64, in an order that depends on the shape alone.
/// </remarks>
public static unsafe class FactoredUpdate
{
    /// <summary>Matrices of a shape: all but the last two dimensions.</summary>
    public static long Matrices(Shape shape) => shape.Count == 0 ? 0 : shape.Count / (shape[-2] * shape[-1]);

    /// <summary>Updates a weight of two or more dimensions, float32 or float64.</summary>
    /// <param name="weight">The weight, [..., N, C]: M matrices of N rows and C columns. Its gradient is read.</param>
    /// <param name="rows">The running means of rows, [M · N], of the weight's type.</param>
    /// <param name="columns">The running means of columns, [M · C].</param>
    /// <param name="rule">The numbers.</param>
    public static void Run(Tensor weight, Tensor rows, Tensor columns, in FactoredRule rule)
    {
        var cpu = Begin(weight, 4);   // gradient and weight are read again, and the weight is written
        if (weight.DType == DType.Float64) Run(cpu, weight.Shape, At<double>(weight.Grad), At<double>(weight), At<double>(rows), At<double>(columns), rule);
        else Run(cpu, weight.Shape, At<float>(weight.Grad), At<float>(weight), At<float>(rows), At<float>(columns), rule);
    }

    /// <summary>Updates a weight of fewer than two dimensions, whose second moment is whole.</summary>
    /// <param name="weight">The weight, float32 or float64; its gradient is read.</param>
    /// <param name="second">The second moment, of the weight's shape and type.</param>
    /// <param name="rule">The numbers.</param>
    public static void Run(Tensor weight, Tensor second, in FactoredRule rule)
    {
        var cpu = Begin(weight, 5);
        if (weight.DType == DType.Float64) Run(cpu, weight.Count, At<double>(weight.Grad), At<double>(weight), At<double>(second), rule);
        else Run(cpu, weight.Count, At<float>(weight.Grad), At<float>(weight), At<float>(second), rule);
    }

    private static CpuDevice Begin(Tensor weight, int passes)
    {
        var cpu = CpuDevice.Of(weight, OpProfile.Update);
        cpu.WeightsChanged();
        cpu.Profile?.AddBytes(passes * weight.ByteLength);
        return cpu;
    }

    private static T* At<T>(Tensor tensor) where T : unmanaged => tensor.Data<T>(typeof(T) == typeof(double) ? DType.Float64 : DType.Float32, "update");

    private static void Run<T>(CpuDevice cpu, Shape shape, T* gradient, T* weight, T* rows, T* columns, in FactoredRule rule) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (shape.Count == 0) return;
        var pass = new FactoredPass<T>(shape, gradient, weight);
        pass.Place((double*)cpu.Working.Get(pass.WorkingBytes));
        int tiles = pass.Tiles;
        cpu.Workers.Run(tiles, new FactoredPass<T>.Squares(pass));
        double weightSquare = pass.Total();
        pass.Factor(rows, columns, rule);
        cpu.Workers.Run(tiles, new FactoredPass<T>.Lengths(pass));
        pass.Step = Step(rule, weightSquare, pass.Total() * rule.GradientScale * rule.GradientScale, shape.Count) * rule.GradientScale;
        pass.Shrink = rule.Shrink;
        cpu.Workers.Run(tiles, new FactoredPass<T>.Apply(pass));
    }

    private static void Run<T>(CpuDevice cpu, long count, T* gradient, T* weight, T* variance, in FactoredRule rule) where T : unmanaged
    {
        if (count == 0) return;
        var pass = new VariancePass<T>(count, gradient, weight, variance, rule);
        int tiles = pass.Tiles;
        pass.Sums = (double*)cpu.Working.Get(2 * tiles * sizeof(double));
        cpu.Workers.Run(tiles, new VariancePass<T>.Moments(pass));
        var (weightSquare, updateSquare) = pass.Totals();
        pass.Step = Step(rule, weightSquare, updateSquare, count);
        cpu.Workers.Run(tiles, new VariancePass<T>.Apply(pass));
    }

    /// <summary>α ÷ max(1, RMS(U) ÷ d).</summary>
    private static double Step(in FactoredRule rule, double weightSquare, double updateSquare, long count)
    {
        double scale = rule.ScaleByWeight ? Math.Max(rule.Epsilon2, Math.Sqrt(weightSquare / count)) : 1;
        return scale * rule.RelativeStep / Math.Max(1, Math.Sqrt(updateSquare / count) / rule.Clip);
    }
}
