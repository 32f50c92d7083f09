using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// What follows the loop of a micro-kernel whose tile is rounded to bfloat16: the sums go from their registers, zmm0 to zmm23, to where they belong. GELU is
/// <see cref="RoundedGelu"/>, operation by operation.
/// </summary>
internal static unsafe class EndingAssembler
{
    // Bytes from the beginning of KernelArguments.
    private const int Rounded = 112, Stride = 120, Before = 128, After = 136, Table = 144;

    private static readonly AssemblerRegisterZMM[] s_sums = [zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15,
        zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23];

    /// <summary>The steps of T = σ of x's argument and Square = x² + the ratio.</summary>
    private static readonly Action<Assembler, Registers>[] s_sigmoid =
    [
        (asm, r) => asm.vmaxps(r.F, r.X, At(Number.Least)),
        (asm, r) => asm.vbroadcastss(r.Square, __dword_ptr[rdx + 4 * (int)Number.Ratio]),
        (asm, r) => asm.vfmadd231ps(r.Square, r.F, r.F),
        (asm, r) => asm.vmulps(r.F, r.F, At(Number.Factor)),
        (asm, r) => asm.vmulps(r.T, r.Square, r.F),
        (asm, r) => asm.vreduceps(r.F, r.T, RoundedGelu.BeyondWhole),
        (asm, r) => asm.vbroadcastss(r.Power, __dword_ptr[rdx + 4 * (int)Number.Power5]),
        (asm, r) => asm.vfmadd213ps(r.Power, r.F, At(Number.Power4)),
        (asm, r) => asm.vfmadd213ps(r.Power, r.F, At(Number.Power3)),
        (asm, r) => asm.vfmadd213ps(r.Power, r.F, At(Number.Power2)),
        (asm, r) => asm.vfmadd213ps(r.Power, r.F, At(Number.Power1)),
        (asm, r) => asm.vfmadd213ps(r.Power, r.F, At(Number.Power0)),
        (asm, r) => asm.vscalefps(r.Power, r.Power, r.T),
        (asm, r) => asm.vaddps(r.Power, r.Power, At(Number.One)),
        (asm, r) => asm.vrcp14ps(r.F, r.Power),
        (asm, r) => asm.vfnmadd213ps(r.Power, r.F, At(Number.Two)),
        (asm, r) => asm.vmulps(r.T, r.Power, r.F),
    ];

    /// <summary>Power may be Square where that is not read afterwards.</summary>
    private readonly record struct Registers(AssemblerRegisterZMM X, AssemblerRegisterZMM Square, AssemblerRegisterZMM T, AssemblerRegisterZMM F, AssemblerRegisterZMM Power);

    private enum Number { Least, Ratio, Factor, Power5, Power4, Power3, Power2, Power1, Power0, One, Two, SlopeFactor, SlopeOffset }

    /// <summary>What <see cref="KernelArguments.Constants"/> points to.</summary>
    public static float* Constants { get; } = Numbers();

    /// <summary>Fetches what the ending reads and writes, to come while the loop runs; r11 is free.</summary>
    public static void Prefetch(Assembler asm, int rows, Ending ending)
    {
        asm.mov(rbx, __qword_ptr[r14 + Stride]);
        Lines(Rounded);
        if (ending is Ending.SumAndGelu or Ending.GeluGradient) Lines(After);
        if (ending == Ending.GeluGradient) Lines(Before);

        void Lines(int first)
        {
            asm.mov(r11, __qword_ptr[r14 + first]);
            for (int i = 0; i < rows; i++)
            {
                asm.prefetchw(__byte_ptr[r11]);
                if (i + 1 < rows) asm.add(r11, rbx);
            }
        }
    }

    /// <summary>The ending; all general registers but r13 and r14 are free.</summary>
    public static void Assemble(Assembler asm, int rows, Ending ending)
    {
        asm.mov(rax, __qword_ptr[r14 + Rounded]);
        asm.mov(rbx, __qword_ptr[r14 + Stride]);
        asm.mov(rcx, __qword_ptr[r14 + After]);
        asm.mov(rsi, __qword_ptr[r14 + Before]);
        asm.mov(rdx, __qword_ptr[r14 + Table]);
        if (ending == Ending.GeluGradient) asm.vbroadcastss(zmm24, __dword_ptr[rdx + 4 * (int)Number.SlopeFactor]);
        for (int row = 0; row < rows; row++)
        {
            var (low, high) = (s_sums[2 * row], s_sums[2 * row + 1]);
            if (ending is Ending.Round or Ending.SumAndGelu) Store(asm, rax, low, high);
            if (ending is Ending.Gelu or Ending.SumAndGelu) Values(asm, low, high);
            if (ending == Ending.Gelu) Store(asm, rax, low, high);
            if (ending == Ending.SumAndGelu) Store(asm, rcx, low, high);
            if (ending == Ending.GeluGradient)
            {
                Slopes(asm, row, low, high);
                Store(asm, rcx, zmm25, zmm30);
                Store(asm, rax, low, high);
                asm.add(rsi, rbx);
            }
            asm.add(rax, rbx);
            asm.add(rcx, rbx);
        }
    }

    private static void Store(Assembler asm, AssemblerRegister64 to, AssemblerRegisterZMM low, AssemblerRegisterZMM high)
    {
        asm.vcvtne2ps2bf16(zmm31, high, low);
        asm.vmovups(__zmmword_ptr[to], zmm31);
    }

    /// <summary>x = GELU(x) for two vectors, step by step in turn.</summary>
    private static void Values(Assembler asm, AssemblerRegisterZMM x0, AssemblerRegisterZMM x1)
    {
        Registers[] both = [new(x0, zmm24, zmm25, zmm26, zmm24), new(x1, zmm27, zmm28, zmm29, zmm27)];
        foreach (var step in s_sigmoid)
            foreach (var registers in both) step(asm, registers);
        foreach (var r in both) asm.vmulps(r.X, r.X, r.T);
    }

    /// <summary>The sums times GELU′ at what was kept, and GELU of that in zmm25 and zmm30; from the third row on side by side, since registers are free by then.</summary>
    private static void Slopes(Assembler asm, int row, AssemblerRegisterZMM low, AssemblerRegisterZMM high)
    {
        Registers first = new(zmm25, zmm26, zmm27, zmm28, zmm29), second = row < 2 ? first with { X = zmm30 } : new(zmm30, zmm0, zmm1, zmm2, zmm3);
        (Registers, AssemblerRegisterZMM, int)[] both = [(first, low, 0), (second, high, 32)];
        if (row >= 2) Slopes(asm, both);
        else
            foreach (var one in both) Slopes(asm, one);
    }

    private static void Slopes(Assembler asm, params (Registers Registers, AssemblerRegisterZMM Gradient, int Place)[] vectors)
    {
        void Each(Action<Registers> emit)
        {
            foreach (var (registers, _, _) in vectors) emit(registers);
        }

        foreach (var (r, _, place) in vectors) asm.vpmovzxwd(r.X, __ymmword_ptr[rsi + place]);
        Each(r => asm.vpslld(r.X, r.X, 16));
        foreach (var step in s_sigmoid) Each(r => step(asm, r));
        Each(r => asm.vfmadd213ps(r.Square, zmm24, At(Number.SlopeOffset)));
        Each(r => asm.vmulps(r.X, r.X, r.T));
        Each(r => asm.vmovaps(r.F, r.X));
        Each(r => asm.vfnmadd231ps(r.F, r.X, r.T));
        Each(r => asm.vfmadd231ps(r.T, r.F, r.Square));
        foreach (var (r, gradient, _) in vectors) asm.vmulps(gradient, gradient, r.T);
    }

    private static AssemblerMemoryOperand At(Number number) => __dword_bcst[rdx + 4 * (int)number];

    private static float* Numbers()
    {
        float[] numbers = [RoundedGelu.Least, RoundedGelu.Ratio, RoundedGelu.Factor, RoundedGelu.Power5, RoundedGelu.Power4, RoundedGelu.Power3, RoundedGelu.Power2,
            RoundedGelu.Power1, RoundedGelu.Power0, 1, 2, RoundedGelu.SlopeFactor, RoundedGelu.SlopeOffset];
        var table = (float*)NativeMemory.AlignedAlloc((nuint)(numbers.Length * sizeof(float)), 64);
        numbers.CopyTo(new Span<float>(table, numbers.Length));
        return table;
    }
}
