using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    /// <summary>
    /// inverse[o] = 1 ÷ ‖Wₒ + scale · Bₒ A‖₂, one over the length of what leads to each output of a linear layer with a change of low rank, without building the sum. It
    /// is never recorded: Liu et al., "DoRA" (2024, section 4.3), take it for a constant.
    /// </summary>
    /// <param name="weight">W by <paramref name="layout"/>, I × O.</param>
    /// <param name="layout">How the weight lies.</param>
    /// <param name="low">A [R, I], B [O, R] and the scale.</param>
    /// <param name="norms">Gets one over the norms, float32 [O].</param>
    /// <exception cref="ArgumentException">Shapes that do not fit.</exception>
    public static void LowRankInverseNorms(Tensor weight, WeightLayout layout, in LowRankFactors low, Tensor norms)
    {
        const string op = "low_rank_inverse_norms";
        if (weight.Shape.Rank != 2) throw new ArgumentException($"[{op}] the weight needs two dimensions and has {weight.Shape}.");
        bool turned = layout == WeightLayout.InputsByOutputs;
        long inputs = weight.Shape[turned ? 0 : 1], outputs = weight.Shape[turned ? 1 : 0], rank = low.A.Shape[0];
        low.Check(op, default, inputs, outputs);
        if (norms.Shape != new Shape(outputs)) throw new ArgumentException($"[{op}] the norms {norms.Shape} are not [{outputs}].");
        var cpu = CpuDevice.Of(weight, op);
        float* factors = (float*)cpu.Working.Get(cpu.Workers.Count * rank * Vec.Count * sizeof(float));
        if (turned)
        {
            var body = new ColumnNorms(weight.F32(op), low.A.F32(op), low.B.F32(op), low.Scale, inputs, outputs, rank, factors, norms.F32(op));
            cpu.Workers.Run(checked((int)((outputs + Vec.Count - 1) / Vec.Count)), body);
            return;
        }
        var blocks = RowBlocks.ForRows(outputs, inputs);
        cpu.Workers.Run(blocks.Count, new RowNorms(blocks, weight.F32(op), low.A.F32(op), low.B.F32(op), low.Scale, inputs, rank, norms.F32(op)));
    }

    /// <summary>Outputs are rows of the weight.</summary>
    private readonly struct RowNorms(RowBlocks blocks, float* weight, float* a, float* b, float scale, long inputs, long rank, float* norms) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            for (long row = blocks.Start(tile); row < blocks.End(tile); row++)
            {
                Vec squares = default;
                long i = 0;
                for (; i + Vec.Count <= inputs; i += Vec.Count) Step(default(AllLanes), row, i, ref squares);
                if (i < inputs) Step(new FirstLanes(inputs - i), row, i, ref squares);
                norms[row] = 1 / MathF.Sqrt(VectorMath.Sum(squares));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Step<T>(T lanes, long row, long i, ref Vec squares) where T : struct, ILanes
        {
            var sum = lanes.Load(weight + row * inputs + i);
            for (long k = 0; k < rank; k++) sum = Vector512.FusedMultiplyAdd(lanes.Load(a + k * inputs + i), Vector512.Create(scale * b[row * rank + k]), sum);
            squares = Vector512.FusedMultiplyAdd(sum, sum, squares);
        }
    }

    /// <summary>Outputs are columns of the weight: a tile takes sixteen.</summary>
    private readonly struct ColumnNorms(float* weight, float* a, float* b, float scale, long inputs, long outputs, long rank, float* factors, float* norms) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            long first = (long)tile * Vec.Count;
            int width = RowMath.Part(outputs - first);
            float* turned = factors + worker * rank * Vec.Count;
            for (long k = 0; k < rank; k++)
                for (int j = 0; j < Vec.Count; j++) turned[k * Vec.Count + j] = j < width ? scale * b[(first + j) * rank + k] : 0;
            Vec squares = default;
            for (long i = 0; i < inputs; i++)
            {
                var sum = Elementwise.LoadPart(weight + i * outputs + first, width);
                for (long k = 0; k < rank; k++) sum = Vector512.FusedMultiplyAdd(Vector512.Create(a[k * inputs + i]), Vector512.Load(turned + k * Vec.Count), sum);
                squares = Vector512.FusedMultiplyAdd(sum, sum, squares);
            }
            Elementwise.StorePart(Vec.One / Vector512.Sqrt(squares), norms + first, width);
        }
    }
}
