using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Micro-kernels of 4 rows × 32 columns in plain C#, for processors without an assembled one.</summary>
internal static unsafe class PortableKernel
{
    public static readonly MicroKernel Float32 = new(InstructionSet.Portable, 4, 32, &Run<SingleFactor>);
    public static readonly MicroKernel BFloat16 = new(InstructionSet.PortableBFloat16, 4, 32, &Run<PairFactor>);

    private interface IFactor
    {
        static abstract Vec MultiplyAdd(float* a, Vector512<uint> b, Vec c);
    }

    private static void Run<T>(KernelArguments* x, int rows) where T : IFactor
    {
        for (int column = 0; column < 2 * Vec.Count; column += Vec.Count)
            if (rows == 4) FourRows<T>(x, column);
            else
                for (int row = 0; row < rows; row++) OneRow<T>(x, row, column);
    }

    private static void FourRows<T>(KernelArguments* x, int column) where T : IFactor
    {
        byte* a = (byte*)x->A, b = (byte*)x->B + column * sizeof(float), c = (byte*)(x->C + column);
        Vec c0 = default, c1 = default, c2 = default, c3 = default;
        if (x->Accumulate != 0)
        {
            c0 = Vector512.Load((float*)c);
            c1 = Vector512.Load((float*)(c + x->CStride));
            c2 = Vector512.Load((float*)(c + 2 * x->CStride));
            c3 = Vector512.Load((float*)(c + 3 * x->CStride));
        }
        for (long step = 0; step < x->Steps; step++, a += x->StepStride, b += x->BStride)
        {
            var row = Vector512.Load((uint*)b);
            c0 = T.MultiplyAdd((float*)a, row, c0);
            c1 = T.MultiplyAdd((float*)(a + x->RowStride), row, c1);
            c2 = T.MultiplyAdd((float*)(a + 2 * x->RowStride), row, c2);
            c3 = T.MultiplyAdd((float*)(a + 3 * x->RowStride), row, c3);
        }
        Vector512.Store(c0, (float*)c);
        Vector512.Store(c1, (float*)(c + x->CStride));
        Vector512.Store(c2, (float*)(c + 2 * x->CStride));
        Vector512.Store(c3, (float*)(c + 3 * x->CStride));
    }

    private static void OneRow<T>(KernelArguments* x, int row, int column) where T : IFactor
    {
        byte* a = (byte*)x->A + row * x->RowStride, b = (byte*)x->B + column * sizeof(float);
        float* c = (float*)((byte*)(x->C + column) + row * x->CStride);
        var sum = x->Accumulate != 0 ? Vector512.Load(c) : default;
        for (long step = 0; step < x->Steps; step++, a += x->StepStride, b += x->BStride) sum = T.MultiplyAdd((float*)a, Vector512.Load((uint*)b), sum);
        Vector512.Store(sum, c);
    }

    private readonly struct SingleFactor : IFactor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vec MultiplyAdd(float* a, Vector512<uint> b, Vec c) => Vector512.FusedMultiplyAdd(Vector512.Create(*a), b.AsSingle(), c);
    }

    private readonly struct PairFactor : IFactor
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vec MultiplyAdd(float* a, Vector512<uint> b, Vec c)
        {
            uint pair = *(uint*)a;
            c = Vector512.FusedMultiplyAdd(Vector512.Create(BitConverter.UInt32BitsToSingle(pair << 16)), (b << 16).AsSingle(), c);
            return Vector512.FusedMultiplyAdd(Vector512.Create(BitConverter.UInt32BitsToSingle(pair & 0xffff0000)), (b & Vector512.Create(0xffff0000)).AsSingle(), c);
        }
    }
}
