using Sinter.Options;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sinter.Layers.Initialization;

/// <summary>
/// A random matrix with orthonormal rows, or columns where there are more rows than columns, times a gain: no direction of the input grows or
/// shrinks. Saxe,
/// McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks" (2014); PyTorch's
/// <c>orthogonal_</c>.
/// </summary>
/// <remarks>
/// The Q of A = QR with a positive diagonal of R, A normal: of the many Q that one is uniform over all orthogonal matrices (Mezzadri, 2007), which is
/// why PyTorch corrects signs. Gram and Schmidt's process gives it as it stands. It runs on panels of vectors, so that nearly all of it is matrix
/// products (4096 ×
/// 4096: 2.7e11 operations), and twice over each panel, after which the rounding of the first pass is gone (Giraud, Langou and Rozložník, 2005).
/// Products are
/// float32 whatever the device's precision.
/// </remarks>
public sealed class OrthogonalInitializer : ScaledInitializer
{
    private const int Panel = 64;

    /// <summary>The keys of <c>orthogonal</c> in recipes.</summary>
    public static OptionsSchema<OrthogonalInitializer> Schema { get; } = OptionsSchema.Create<OrthogonalInitializer>(
        "Random orthonormal rows or columns, times a gain (Saxe et al., 2014).", Describe);

    /// <inheritdoc/>
    public override string Name => "orthogonal";

    /// <inheritdoc/>
    public override void Fill(Tensor values, ParameterSpec spec, ulong seed)
    {
        RequireMatrix(spec);
        var device = values.Device;
        using var scope = device.Scope("orthogonal");
        using var pause = device.Tape.Pause();
        long rows = spec.Shape[0], columns = spec.Shape[1];
        var vectors = rows <= columns ? values : device.Empty(new Shape(columns, rows));
        new ParameterRandom(seed, spec.Name).Normal(vectors.Span, 0, 1);
        InFloat32(device, () => Orthonormalize(vectors));
        if (rows > columns) Transpose(vectors.Span, values.Span, (int)columns, (int)rows);
        TensorPrimitives.Multiply(values.Span, (float)ActivationGain, values.Span);
    }

    private static void InFloat32(Device device, Action run)
    {
        if (device is not CpuDevice cpu) throw new NotSupportedException($"[orthogonal] has no kernel for the device '{device.Name}'.");
        var precision = cpu.Precision;
        cpu.Precision = Precision.Float32;
        try
        {
            run();
        }
        finally
        {
            cpu.Precision = precision;
        }
    }

    /// <summary>Makes the rows of [N, M], N ≤ M, orthonormal, each from itself and those before it.</summary>
    private static void Orthonormalize(Tensor vectors)
    {
        for (long start = 0; start < vectors.Shape[0]; start += Panel)
        {
            var panel = vectors.Slice(start, Math.Min(Panel, vectors.Shape[0] - start));
            for (int pass = 0; pass < 2; pass++)
            {
                if (start > 0) Project(panel, vectors.Slice(0, start));
                OrthonormalizePanel(panel.Span, (int)panel.Shape[0], (int)panel.Shape[1]);
            }
        }
    }

    /// <summary>panel −= (panel · Bᵀ) · B, B the rows that are done.</summary>
    private static void Project(Tensor panel, Tensor basis)
    {
        using var scope = panel.Device.Scope("project");
        var along = Op.MatMul(Op.MatMul(panel, basis, transposeB: true), basis);
        TensorPrimitives.Subtract(panel.Span, along.Span, panel.Span);
    }

    private static void OrthonormalizePanel(Span<float> panel, int count, int length)
    {
        for (int i = 0; i < count; i++)
        {
            var own = panel.Slice(i * length, length);
            for (int j = 0; j < i; j++)
            {
                var other = panel.Slice(j * length, length);
                TensorPrimitives.MultiplyAdd(other, -TensorPrimitives.Dot<float>(own, other), own, own);
            }
            TensorPrimitives.Divide(own, TensorPrimitives.Norm<float>(own), own);
        }
    }

    private static void Transpose(ReadOnlySpan<float> from, Span<float> to, int rows, int columns)
    {
        const int block = 32;
        for (int r0 = 0; r0 < rows; r0 += block)
            for (int c0 = 0; c0 < columns; c0 += block)
                for (int r = r0; r < Math.Min(r0 + block, rows); r++)
                    for (int c = c0; c < Math.Min(c0 + block, columns); c++) to[c * rows + r] = from[r * columns + c];
    }
}
