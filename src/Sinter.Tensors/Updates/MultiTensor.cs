using Sinter.Tensors.Profiling;

namespace Sinter.Tensors.Updates;

/// <summary>Work on all weights at once: one pass over memory, cut into tiles by the shapes alone.</summary>
public static unsafe class MultiTensor
{
    /// <summary>Applies rules to every weight that has a gradient.</summary>
    /// <param name="targets">The weights with their states, all float32 or all float64.</param>
    /// <param name="rules">What to do; each target names one.</param>
    /// <param name="gradientScale">Factor of the gradients: the clip factor.</param>
    public static void Update<TRule>(ReadOnlySpan<UpdateTarget> targets, ReadOnlySpan<TRule> rules, double gradientScale)
        where TRule : unmanaged, IUpdateRule
    {
        if (targets.IsEmpty) return;
        var (cpu, type) = (CpuDevice.Of(targets[0].Weight, OpProfile.Update), targets[0].Weight.DType);
        cpu.Matrix.Held.Forget(targets);
        var pieces = (UpdatePiece*)cpu.Working.Get(targets.Length * sizeof(UpdatePiece) + rules.Length * sizeof(TRule));
        var numbers = (TRule*)(pieces + targets.Length);
        rules.CopyTo(new Span<TRule>(numbers, rules.Length));
        int count = 0;
        long tiles = 0;
        foreach (ref readonly var target in targets)
        {
            if (!target.Weight.HasGrad) continue;
            var piece = pieces[count++] = new UpdatePiece(target, type, tiles);
            tiles += piece.Tiles;
            cpu.Profile?.AddBytes(piece.WrittenBytes(type));
        }
        int work = checked((int)tiles);
        if (type == DType.Float64) cpu.Workers.Run(work, new UpdateTiles<double, TRule>(pieces, count, gradientScale, numbers));
        else cpu.Workers.Run(work, new UpdateTiles<float, TRule>(pieces, count, gradientScale, numbers));
    }

    /// <summary>√ Σ g² over the gradients of <paramref name="weights"/>, summed in double in an order that depends on the shapes alone.</summary>
    public static double GradientNorm(ReadOnlySpan<Tensor> weights)
    {
        if (weights.IsEmpty) return 0;
        var (cpu, type) = (CpuDevice.Of(weights[0], OpProfile.GradientNorm), weights[0].DType);
        long tiles = 0;
        foreach (ref readonly var weight in weights) tiles += weight.HasGrad ? UpdatePiece.TilesOf(weight.Count) : 0;
        var pieces = (UpdatePiece*)cpu.Working.Get(weights.Length * sizeof(UpdatePiece) + tiles * sizeof(double));
        var sums = (double*)(pieces + weights.Length);
        int count = 0;
        long first = 0;
        foreach (ref readonly var weight in weights)
        {
            if (!weight.HasGrad) continue;
            pieces[count] = new UpdatePiece(weight.Grad, type, first);
            first += pieces[count++].Tiles;
        }
        cpu.Workers.Run(checked((int)tiles), new SquareTiles(pieces, count, type == DType.Float64, sums));
        double sum = 0;
        for (long i = 0; i < tiles; i++) sum += sums[i];
        return Math.Sqrt(sum);
    }
}
