using Sinter.Tensors.Profiling;

namespace Sinter.Tensors.Updates;

/// <summary>A part of a matrix that is a map of its own: rows and columns of it, such as the queries' in one projection to queries, keys and values.</summary>
/// <param name="Row">The first row.</param>
/// <param name="Column">The first column.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
public readonly record struct MatrixPart(long Row, long Column, long Rows, long Columns);

/// <summary>The numbers of one update by <see cref="OrthogonalUpdate"/>.</summary>
/// <param name="GradientScale">Factor of the gradients: the clip factor.</param>
/// <param name="Momentum">μ: what the mean of the gradients keeps of itself.</param>
/// <param name="Nesterov">Whether the update is of μ · mean + (1 − μ) · gradient rather than of the mean.</param>
/// <param name="StepSize">Factor of the orthogonal matrix.</param>
/// <param name="Shrink">Factor of the weight: 1 − α · λ.</param>
/// <param name="Coefficients">a, b and c of the iteration.</param>
/// <param name="Iterations">How many.</param>
/// <param name="Epsilon">The least norm that is divided by.</param>
public readonly record struct OrthogonalRule(double GradientScale, double Momentum, bool Nesterov, double StepSize, double Shrink, (double A, double B, double C) Coefficients, int Iterations,
    double Epsilon);

/// <summary>
/// Muon's update of a matrix (Jordan et al., 2024, "Muon: An optimizer for hidden layers in neural networks"): m ← m + (1 − μ)(g − m); X ← m ÷ ‖m‖
/// (with Nesterov, of g + μ(m − g)); five times
/// X ← (aI + bA + cA²) X with A = XXᵀ; w ← shrink · w − step · X. The iteration brings all singular values near to 1, within 0.7 to 1.2.
/// </summary>
/// <remarks>
/// Products go through the device's own: in float32, or with factors rounded to bfloat16 and float32 sums. The iteration is X ← (aI + bA + cA²) X,
/// one factor and no sum, so that X is rounded alike
/// wherever it stands, and A before it is squared: with aX or bA in float32 beside rounded products the result is up to twice as far from the exact
/// one. X is kept in float32, where PyTorch keeps it, A and the polynomial in bfloat16. A is on the smaller
/// side: XᵀX for a tall matrix, which multiplies from the right.
/// </remarks>
public static unsafe class OrthogonalUpdate
{
    /// <summary>Updates a part of a matrix.</summary>
    /// <param name="weight">The matrix; its gradient is read.</param>
    /// <param name="mean">The mean of the gradients, of its shape.</param>
    /// <param name="part">What to update.</param>
    /// <param name="rule">The numbers.</param>
    public static void Run(Tensor weight, Tensor mean, MatrixPart part, in OrthogonalRule rule)
    {
        if (weight.Shape.Rank != 2) throw new ArgumentException($"[orthogonal_update] takes a matrix and got {weight.Shape}.");
        var cpu = CpuDevice.Of(weight, OpProfile.Update);
        cpu.WeightsChanged();
        cpu.Profile?.AddBytes(weight.DType.Size() * 10 * part.Rows * part.Columns);
        if (weight.DType == DType.Float64) Run(cpu, Place<double>(weight, mean, part), rule, new PlainProducts());
        else Run(cpu, Place<float>(weight, mean, part), rule, new DeviceProducts(cpu));
    }

    /// <summary>Floating-point operations of one update of <paramref name="part"/> in matrix products.</summary>
    public static double Operations(MatrixPart part, int iterations)
    {
        double small = Math.Min(part.Rows, part.Columns), large = Math.Max(part.Rows, part.Columns);
        return iterations * (4 * small * small * large + 2 * small * small * small);
    }

    private static OrthogonalPlace<T> Place<T>(Tensor weight, Tensor mean, MatrixPart part) where T : unmanaged
    {
        var type = typeof(T) == typeof(double) ? DType.Float64 : DType.Float32;
        long stride = weight.Shape[1], first = part.Row * stride + part.Column;
        return new OrthogonalPlace<T>(weight.Grad.Data<T>(type, "update") + first, weight.Data<T>(type, "update") + first, mean.Data<T>(type, "update") + first, stride, part.Rows, part.Columns);
    }

    private static long WorkingBytes<T>(long rows, long columns) where T : unmanaged
    {
        long small = Math.Min(rows, columns);
        return sizeof(T) * 2 * (rows * columns + small * small) + sizeof(double) * OrthogonalPlace<T>.Tiles(rows);
    }

    private static void Run<T>(CpuDevice cpu, OrthogonalPlace<T> place, in OrthogonalRule rule, IMatrixProducts<T> products) where T : unmanaged
    {
        if (place.Rows == 0 || place.Columns == 0) return;
        long count = place.Rows * place.Columns;
        T* x = (T*)cpu.Iterates.Get(WorkingBytes<T>(place.Rows, place.Columns)), y = x + count;
        place.Sums = (double*)(y + count + 2 * Math.Min(place.Rows, place.Columns) * Math.Min(place.Rows, place.Columns));
        int tiles = OrthogonalPlace<T>.Tiles(place.Rows);
        cpu.Workers.Run(tiles, new OrthogonalPlace<T>.Momentum(place, x, rule.GradientScale, rule.Momentum, rule.Nesterov));
        double square = 0;
        for (int i = 0; i < tiles; i++) square += place.Sums[i];
        cpu.Workers.Run(tiles, new OrthogonalPlace<T>.Scale(place, x, 1 / Math.Max(Math.Sqrt(square), rule.Epsilon)));
        T* orthogonal = Iterate(cpu, place.Rows, place.Columns, x, y, rule, products);
        cpu.Workers.Run(tiles, new OrthogonalPlace<T>.Apply(place, orthogonal, rule.StepSize, rule.Shrink));
    }

    private static T* Iterate<T>(CpuDevice cpu, long rows, long columns, T* x, T* y, in OrthogonalRule rule, IMatrixProducts<T> products) where T : unmanaged
    {
        long small = Math.Min(rows, columns), large = Math.Max(rows, columns);
        T* gram = y + rows * columns, polynomial = gram + small * small;
        bool tall = rows > columns;
        for (int i = 0; i < rule.Iterations; i++)
        {
            products.Multiply(small, small, large, x, tall, x, !tall, gram);
            if (products.RoundsToBFloat16) cpu.Workers.Run(Polynomial<T>.Tiles(small), new RoundToBFloat16<T>(gram, small));
            products.Multiply(small, small, small, gram, false, gram, false, polynomial);
            cpu.Workers.Run(Polynomial<T>.Tiles(small), new Polynomial<T>(gram, polynomial, small, rule.Coefficients));
            if (tall) products.Multiply(rows, columns, columns, x, false, polynomial, false, y);
            else products.Multiply(rows, columns, rows, polynomial, false, x, false, y);
            T* last = x;
            x = y;
            y = last;
        }
        return x;
    }
}
