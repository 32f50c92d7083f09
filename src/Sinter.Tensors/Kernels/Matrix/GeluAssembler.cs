using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Assembles the routines of <see cref="AssembledGelu"/> for x64: one argument, the address of <see cref="GeluArguments"/>. Each turn does a row of two vectors,
/// instruction by instruction side by side, with every constant in a register; the mathematics are those of <see cref="RoundedGelu"/>.
/// </summary>
internal static class GeluAssembler
{
    private const int Vectors = 2, Vector = 64, Saved = 8;

    // In the order of RoundedGelu.Constants.
    private static readonly AssemblerRegisterZMM s_highest = zmm16, s_lowest = zmm17, s_cubic = zmm18, s_linear = zmm19, s_toWhole = zmm20, s_p0 = zmm21, s_p1 = zmm22,
        s_p2 = zmm23, s_p3 = zmm24, s_p4 = zmm25, s_one = zmm26, s_two = zmm27, s_slopeSquare = zmm28, s_slopeLinear = zmm29;
    private static readonly AssemblerRegisterZMM[] s_constants = [s_highest, s_lowest, s_cubic, s_linear, s_toWhole, s_p0, s_p1, s_p2, s_p3, s_p4, s_one, s_two, s_slopeSquare,
        s_slopeLinear];
    private static readonly AssemblerRegisterXMM[] s_saved = [xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13];

    // Of each vector of a row: x, x within bounds, its square, what the sigmoid needs, and the product of the two.
    private static readonly AssemblerRegisterZMM[] s_x = [zmm0, zmm7], s_inside = [zmm1, zmm8], s_square = [zmm2, zmm9], s_t = [zmm3, zmm10], s_s = [zmm4, zmm11],
        s_p = [zmm5, zmm12], s_q = [zmm6, zmm13];

    /// <summary>x = tile + bias; f(x) to the result, or x to the result and f(x) to the second one.</summary>
    public static byte[] Activation(bool keepsSum, bool windows) => Rows(windows, asm =>
    {
        Each(i => asm.vmovups(s_x[i], __zmmword_ptr[rax + i * Vector]));
        Each(i => asm.vaddps(s_x[i], s_x[i], __zmmword_ptr[rcx + i * Vector]));
        Sigmoid(asm);
        if (keepsSum) Store(asm, rdx, s_x);
        Each(i => asm.vmulps(s_x[i], s_x[i], s_s[i]));
        Store(asm, keepsSum ? r8 : rdx, s_x);
    });

    /// <summary>x = what was kept; tile · f′(x) to the result and f(x) to the second one.</summary>
    public static byte[] Gradient(bool windows) => Rows(windows, asm =>
    {
        Each(i => asm.vpmovzxwd(s_x[i], __ymmword_ptr[r9 + i * Vector / 2]));
        Each(i => asm.vpslld(s_x[i], s_x[i], 16));
        Sigmoid(asm);
        Each(i => asm.vmulps(s_q[i], s_inside[i], s_s[i]));
        Each(i => asm.vfmadd213ps(s_square[i], s_slopeSquare, s_slopeLinear));
        Each(i => asm.vmulps(s_x[i], s_x[i], s_s[i]));
        Each(i => asm.vmovaps(s_p[i], s_q[i]));
        Each(i => asm.vfnmadd213ps(s_p[i], s_s[i], s_q[i]));
        Each(i => asm.vfmadd213ps(s_p[i], s_square[i], s_s[i]));
        Each(i => asm.vmulps(s_p[i], s_p[i], __zmmword_ptr[rax + i * Vector]));
        Store(asm, rdx, s_p);
        Store(asm, r8, s_x);
    });

    private static void Sigmoid(Assembler asm)
    {
        // Minimum and maximum give their second operand where one is NaN.
        Each(i => asm.vmaxps(s_inside[i], s_lowest, s_x[i]));
        Each(i => asm.vminps(s_inside[i], s_highest, s_inside[i]));
        Each(i => asm.vmulps(s_square[i], s_inside[i], s_inside[i]));
        Each(i => asm.vmovaps(s_t[i], s_cubic));
        Each(i => asm.vfmadd213ps(s_t[i], s_square[i], s_linear));
        Each(i => asm.vmulps(s_t[i], s_inside[i], s_t[i]));
        Each(i => asm.vaddps(s_s[i], s_t[i], s_toWhole));
        Each(i => asm.vsubps(s_p[i], s_s[i], s_toWhole));
        Each(i => asm.vsubps(s_t[i], s_t[i], s_p[i]));
        Each(i => asm.vmovaps(s_p[i], s_p1));
        Each(i => asm.vfmadd213ps(s_p[i], s_t[i], s_p0));
        Each(i => asm.vmovaps(s_q[i], s_p3));
        Each(i => asm.vfmadd213ps(s_q[i], s_t[i], s_p2));
        Each(i => asm.vmulps(s_t[i], s_t[i], s_t[i]));
        Each(i => asm.vfmadd231ps(s_q[i], s_t[i], s_p4));
        Each(i => asm.vfmadd231ps(s_p[i], s_q[i], s_t[i]));
        Each(i => asm.vpslld(s_s[i], s_s[i], 23));
        Each(i => asm.vpaddd(s_p[i], s_p[i], s_s[i]));
        Each(i => asm.vaddps(s_p[i], s_one, s_p[i]));
        Each(i => asm.vrcp14ps(s_s[i], s_p[i]));
        Each(i => asm.vfnmadd213ps(s_p[i], s_s[i], s_two));
        Each(i => asm.vmulps(s_s[i], s_s[i], s_p[i]));
    }

    private static void Each(Action<int> emit)
    {
        for (int i = 0; i < Vectors; i++) emit(i);
    }

    private static void Store(Assembler asm, AssemblerRegister64 target, AssemblerRegisterZMM[] values)
    {
        asm.vcvtne2ps2bf16(zmm30, values[1], values[0]);   // the lower half from the second operand
        asm.vmovups(__zmmword_ptr[target], zmm30);
    }

    // rax tile, rcx bias, rdx result, r8 second result, r9 what was kept, r10 rows, r11 bytes between rows of all three.
    private static byte[] Rows(bool windows, Action<Assembler> row)
    {
        var asm = new Assembler(64);
        asm.mov(r11, windows ? rcx : rdi);
        if (windows)
        {
            asm.sub(rsp, 16 * Saved + 8);
            for (int i = 0; i < Saved; i++) asm.vmovups(__xmmword_ptr[rsp + 16 * i], s_saved[i]);
        }
        asm.mov(rax, __qword_ptr[r11 + 56]);
        for (int i = 0; i < s_constants.Length; i++) asm.vbroadcastss(s_constants[i], __dword_ptr[rax + sizeof(float) * i]);
        asm.mov(rax, __qword_ptr[r11]);
        asm.mov(rcx, __qword_ptr[r11 + 8]);
        asm.mov(rdx, __qword_ptr[r11 + 16]);
        asm.mov(r8, __qword_ptr[r11 + 24]);
        asm.mov(r9, __qword_ptr[r11 + 32]);
        asm.mov(r10, __qword_ptr[r11 + 48]);
        asm.mov(r11, __qword_ptr[r11 + 40]);
        var loop = asm.CreateLabel();
        asm.Label(ref loop);
        row(asm);
        asm.add(rax, Vectors * Vector);
        asm.add(rdx, r11);
        asm.add(r8, r11);
        asm.add(r9, r11);
        asm.dec(r10);
        asm.jne(loop);
        if (windows)
        {
            for (int i = 0; i < Saved; i++) asm.vmovups(s_saved[i], __xmmword_ptr[rsp + 16 * i]);
            asm.add(rsp, 16 * Saved + 8);
        }
        return asm.Finish();
    }
}
