using Iced.Intel;
using Sinter.Tensors.Kernels.Matrix;
using static Iced.Intel.AssemblerRegisters;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Micro-kernels for blocks of attention: 8 rows × 32 columns on AVX-512, where those of the matrix product have 12 rows. Contexts and blocks are powers
/// of two, and the finer the tile, the less of it a causal mask hides; with few steps of k the tile needs no more rows to keep both multipliers busy.
/// Elsewhere the kernels of the matrix product.
/// </summary>
internal static class BlockKernels
{
    private const int Rows = 8, Columns = 32;
    private static readonly Lazy<MicroKernel> s_float32 = new(() => Create(Precision.Float32, InstructionSet.Avx512));
    private static readonly Lazy<MicroKernel> s_bfloat16 = new(() => Create(Precision.BFloat16, InstructionSet.Avx512BFloat16));

    private static readonly AssemblerRegisterZMM[] s_tile =
        [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];

    /// <summary>The kernel for a precision other than <see cref="Precision.Auto"/>.</summary>
    public static MicroKernel For(Precision precision) => precision == Precision.BFloat16 ? s_bfloat16.Value : s_float32.Value;

    private static MicroKernel Create(Precision precision, InstructionSet set)
    {
        var matrix = MicroKernels.For(precision);
        if (matrix.Set != set) return matrix;
        nint code = ExecutableMemory.Publish(Assemble(precision == Precision.BFloat16, OperatingSystem.IsWindows()));
        return code == 0 ? matrix : new MicroKernel(set, Rows, Columns, code);
    }

    // r8, r9, r10 bases of rows 0 to 2, 3 to 5, 6 and 7 of A; rcx row stride, rdi step stride; rdx B, rsi its stride; rax C, rbx its stride; rbp steps.
    // The tile is in registers that no caller keeps, on Windows either.
    private static byte[] Assemble(bool bfloat16, bool windows)
    {
        var asm = new Assembler(64);
        Label fresh = asm.CreateLabel(), ready = asm.CreateLabel(), loop = asm.CreateLabel();
        asm.push(rbx); asm.push(rbp); asm.push(rsi); asm.push(rdi);
        Arguments(asm, windows);
        asm.test(r11, r11);
        asm.je(fresh);
        asm.mov(r11, rax);
        for (int i = 0; i < Rows; i++)
        {
            asm.vmovups(s_tile[2 * i], __zmmword_ptr[r11]);
            asm.vmovups(s_tile[2 * i + 1], __zmmword_ptr[r11 + 64]);
            if (i + 1 < Rows) asm.add(r11, rbx);
        }
        asm.jmp(ready);
        asm.Label(ref fresh);
        foreach (var register in s_tile) asm.vpxord(register, register, register);
        asm.Label(ref ready);
        asm.lea(r11, __[rcx + rcx * 2]);
        asm.lea(r9, __[r8 + r11]);
        asm.lea(r10, __[r9 + r11]);
        asm.Label(ref loop);
        Step(asm, bfloat16);
        asm.dec(rbp);
        asm.jne(loop);
        for (int i = 0; i < Rows; i++)
        {
            asm.vmovups(__zmmword_ptr[rax], s_tile[2 * i]);
            asm.vmovups(__zmmword_ptr[rax + 64], s_tile[2 * i + 1]);
            if (i + 1 < Rows) asm.add(rax, rbx);
        }
        asm.vzeroupper();
        asm.pop(rdi); asm.pop(rsi); asm.pop(rbp); asm.pop(rbx);
        asm.ret();
        using var code = new MemoryStream();
        asm.Assemble(new StreamCodeWriter(code), 0);
        return code.ToArray();
    }

    private static void Arguments(Assembler asm, bool windows)
    {
        asm.mov(r11, windows ? rcx : rdi);
        asm.mov(r8, __qword_ptr[r11]);
        asm.mov(rdx, __qword_ptr[r11 + 8]);
        asm.mov(rax, __qword_ptr[r11 + 16]);
        asm.mov(rcx, __qword_ptr[r11 + 24]);
        asm.mov(rdi, __qword_ptr[r11 + 32]);
        asm.mov(rsi, __qword_ptr[r11 + 40]);
        asm.mov(rbx, __qword_ptr[r11 + 48]);
        asm.mov(rbp, __qword_ptr[r11 + 56]);
        asm.mov(r11, __qword_ptr[r11 + 64]);
    }

    private static void Step(Assembler asm, bool bfloat16)
    {
        AssemblerRegister64[] bases = [r8, r9, r10];
        asm.vmovups(zmm0, __zmmword_ptr[rdx]);
        asm.vmovups(zmm1, __zmmword_ptr[rdx + 64]);
        asm.prefetcht0(__byte_ptr[rdx + rsi * 8]);
        asm.prefetcht0(__byte_ptr[rdx + rsi * 8 + 64]);
        for (int i = 0; i < Rows; i++)
        {
            var at = bases[i / 3];
            var a = (i % 3) switch { 0 => __dword_bcst[at], 1 => __dword_bcst[at + rcx], _ => __dword_bcst[at + rcx * 2] };
            for (int half = 0; half < 2; half++)
                if (bfloat16) asm.vdpbf16ps(s_tile[2 * i + half], half == 0 ? zmm0 : zmm1, a);
                else asm.vfmadd231ps(s_tile[2 * i + half], half == 0 ? zmm0 : zmm1, a);
        }
        foreach (var register in bases) asm.add(register, rdi);
        asm.add(rdx, rsi);
    }
}
