using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Assembles the routines of <see cref="AssembledPacking"/> for x64: one argument, the address of <see cref="PackingArguments"/>. Only registers that are free for a
/// callee under System V and on Windows alike are used, zmm0 to zmm5 and zmm16 to zmm31 among them, or saved.
/// </summary>
internal static class PackingAssembler
{
    private const int Distance = 12;   // steps that are fetched ahead
    private const int RowsAhead = 6;   // the same where several strips are packed, so that what was fetched is still there

    private static readonly AssemblerRegisterZMM[] s_rows = [zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23, zmm24, zmm25, zmm26, zmm27, zmm28, zmm29, zmm30, zmm31];

    private delegate void TwoToOne(AssemblerRegisterZMM target, AssemblerRegisterZMM first, AssemblerRegisterZMM second);

    /// <summary>Neighbours in a row of float32 as pairs: groups of 32, then those that the mask names of another.</summary>
    public static byte[] Row(bool windows)
    {
        var asm = new Assembler(64);
        Load(asm, windows);
        FloatMasks(asm);
        asm.kmovw(k3, __word_ptr[r11 + 52]);
        Label loop = asm.CreateLabel(), rest = asm.CreateLabel(), end = asm.CreateLabel();
        asm.test(r10, r10);
        asm.je(rest);
        asm.Label(ref loop);
        asm.vmovups(zmm17, __zmmword_ptr[rax + 64]);
        asm.vcvtne2ps2bf16(zmm17, zmm17, __zmmword_ptr[rax]);   // lower half from memory, upper half from the register
        asm.vmovups(__zmmword_ptr[rdx], zmm17);
        asm.add(rax, 128);
        asm.add(rdx, 64);
        asm.dec(r10);
        asm.jne(loop);
        asm.Label(ref rest);
        asm.kortestw(k3, k3);
        asm.je(end);
        asm.vmovups(zmm17.k2.z, __zmmword_ptr[rax + 64]);
        asm.vmovups(zmm18.k1.z, __zmmword_ptr[rax]);
        asm.vcvtne2ps2bf16(zmm17, zmm17, zmm18);
        asm.vmovups(__zmmword_ptr[rdx].k3, zmm17);
        asm.Label(ref end);
        return asm.Finish();
    }

    /// <summary>Pairs of rows of float32, those that the mask names of 16 or 32 columns.</summary>
    public static byte[] Across(int columns, bool windows) => Walk(columns * 4, columns * 4, rows: 2, tables: 1, windows, masks: asm => FloatMasks(asm), asm =>
    {
        for (int x = 0; x < columns * 4; x += 64)
        {
            asm.vmovups(Masked(zmm17, x), __zmmword_ptr[rax + r8 + x]);
            asm.vmovups(Masked(zmm18, x), __zmmword_ptr[rax + x]);
            asm.vcvtne2ps2bf16(zmm17, zmm17, zmm18);
            asm.vpermw(zmm17, zmm16, zmm17);
            asm.vmovups(__zmmword_ptr[rdx + x], zmm17);
        }
    });

    /// <summary>Rows of float32 as they are, those that the mask names of 16 or 32 columns.</summary>
    public static byte[] Copy(int columns, bool windows) => Walk(columns * 4, columns * 4, rows: 1, tables: 0, windows, masks: asm => FloatMasks(asm), asm =>
    {
        for (int x = 0; x < columns * 4; x += 64) asm.vmovups(Masked(s_rows[x / 64], x), __zmmword_ptr[rax + x]);
        for (int x = 0; x < columns * 4; x += 64) asm.vmovups(__zmmword_ptr[rdx + x], s_rows[x / 64]);
    });

    /// <summary>
    /// Rows of float32, or pairs of them or of rows of bfloat16, into several strips side by side: all that is needed of a row is read before the next, since rows a power of two apart
    /// share few sets of the first-level cache and their lines would be gone when the next strip asks for its part of them.
    /// </summary>
    public static byte[] Strips(bool pairs, bool windows, bool halves = false)
    {
        var asm = new Assembler(64);
        AssemblerRegister64[] saved = [rbx, rsi, rdi, r12, r13, r14];
        foreach (var register in saved) asm.push(register);
        Load(asm, windows);
        asm.kmovw(k1, __word_ptr[r11 + 48]);
        asm.mov(rbx, __qword_ptr[r11 + 56]);
        asm.mov(rsi, __qword_ptr[r11 + 64]);
        asm.mov(rdi, __qword_ptr[r11 + 72]);
        asm.mov(r11, __qword_ptr[r11 + 40]);
        if (pairs) asm.vmovups(zmm16, __zmmword_ptr[r11]);
        asm.imul(r11, r8, RowsAhead);
        asm.lea(r14, __[r11 + r8]);
        Label step = asm.CreateLabel(), strip = asm.CreateLabel();
        asm.Label(ref step);
        asm.mov(rcx, rax);
        asm.mov(r12, rdx);
        asm.mov(r13, rbx);
        asm.Label(ref strip);
        asm.prefetcht0(__byte_ptr[rcx + r11]);
        if (pairs) asm.prefetcht0(__byte_ptr[rcx + r14]);
        asm.prefetchw(__byte_ptr[r12 + r9 * 8]);
        if (halves)
        {
            asm.vmovdqu16(ymm0.k1.z, __ymmword_ptr[rcx]);
            asm.vmovdqu16(ymm1.k1.z, __ymmword_ptr[rcx + r8]);
            asm.vinserti64x4(zmm17, zmm0, ymm1, 1);
            asm.vpermw(zmm17, zmm16, zmm17);
        }
        else asm.vmovups(zmm17.k1.z, __zmmword_ptr[rcx]);
        if (pairs && !halves)
        {
            asm.vmovups(zmm18.k1.z, __zmmword_ptr[rcx + r8]);
            asm.vcvtne2ps2bf16(zmm17, zmm18, zmm17);
            asm.vpermw(zmm17, zmm16, zmm17);
        }
        asm.vmovups(__zmmword_ptr[r12], zmm17);
        asm.add(rcx, rdi);
        asm.add(r12, rsi);
        asm.dec(r13);
        asm.jne(strip);
        asm.lea(rax, pairs ? __[rax + r8 * 2] : __[rax + r8]);
        asm.add(rdx, r9);
        asm.dec(r10);
        asm.jne(step);
        foreach (var register in saved.Reverse()) asm.pop(register);
        return asm.Finish();
    }

    /// <summary>Pairs of rows of bfloat16, those that the mask names of 16 or 32 columns.</summary>
    public static byte[] Interleave(int columns, bool windows) => Walk(columns * 2, columns * 4, rows: 2, tables: 3, windows, masks: asm => asm.kmovd(k1, __dword_ptr[r11 + 48]), asm =>
    {
        if (columns == 16)
        {
            asm.vmovdqu16(ymm0.k1.z, __ymmword_ptr[rax]);
            asm.vmovdqu16(ymm1.k1.z, __ymmword_ptr[rax + r8]);
            asm.vinserti64x4(zmm20, zmm0, ymm1, 1);
            asm.vpermw(zmm20, zmm16, zmm20);
            asm.vmovups(__zmmword_ptr[rdx], zmm20);
            return;
        }
        asm.vmovdqu16(zmm20.k1.z, __zmmword_ptr[rax]);
        asm.vmovdqu16(zmm21.k1.z, __zmmword_ptr[rax + r8]);
        asm.vmovaps(zmm22, zmm20);
        asm.vpermt2w(zmm20, zmm17, zmm21);
        asm.vpermt2w(zmm22, zmm18, zmm21);
        asm.vmovups(__zmmword_ptr[rdx], zmm20);
        asm.vmovups(__zmmword_ptr[rdx + 64], zmm22);
    });

    private static AssemblerRegisterZMM Masked(AssemblerRegisterZMM register, int at) => at == 0 ? register.k1.z : register.k2.z;

    private static void FloatMasks(Assembler asm)
    {
        asm.kmovw(k1, __word_ptr[r11 + 48]);
        asm.kmovw(k2, __word_ptr[r11 + 50]);
    }

    // The walk down the rows: body packs row rax, and rax + r8 where a step has two, to rdx, with the first permutations in zmm16 and up. What it reads is fetched
    // ahead, since a walk down columns is nothing the processor would foresee; and what it writes, which another thread may have read last.
    private static byte[] Walk(int rowBytes, int stepBytes, int rows, int tables, bool windows, Action<Assembler> masks, Action<Assembler> body)
    {
        var asm = new Assembler(64);
        Load(asm, windows);
        masks(asm);
        asm.mov(r11, __qword_ptr[r11 + 40]);
        for (int i = 0; i < tables; i++) asm.vmovups(s_rows[i], __zmmword_ptr[r11 + 64 * i]);
        asm.imul(r11, r8, 2 * Distance);
        asm.add(r11, rax);
        var loop = asm.CreateLabel();
        asm.Label(ref loop);
        for (int x = 0; x < rowBytes; x += 64)
        {
            asm.prefetcht0(__byte_ptr[r11 + x]);
            if (rows == 2) asm.prefetcht0(__byte_ptr[r11 + r8 + x]);
        }
        for (int x = 0; x < stepBytes; x += 64) asm.prefetchw(__byte_ptr[rdx + r9 * 8 + x]);
        body(asm);
        asm.lea(rax, rows == 2 ? __[rax + r8 * 2] : __[rax + r8]);
        asm.lea(r11, rows == 2 ? __[r11 + r8 * 2] : __[r11 + r8]);
        asm.add(rdx, r9);
        asm.dec(r10);
        asm.jne(loop);
        return asm.Finish();
    }

    /// <summary>
    /// Sixteen rows of sixteen words, transposed in registers: neighbouring words, then pairs, then quarters of a vector change places. After the whole blocks come
    /// those numbers of each row that the mask names.
    /// </summary>
    public static byte[] Turned(bool bfloat16, bool windows)
    {
        var asm = new Assembler(64);
        AssemblerRegister64[] saved = [rbx, rdi, rsi];
        foreach (var register in saved) asm.push(register);
        asm.mov(r11, windows ? rcx : rdi);
        FloatMasks(asm);
        asm.movzx(edi, __word_ptr[r11 + (bfloat16 ? 52 : 48)]);
        asm.mov(rax, __qword_ptr[r11]);
        asm.mov(rcx, __qword_ptr[r11 + 8]);
        asm.mov(rdx, __qword_ptr[r11 + 16]);
        asm.mov(rsi, __qword_ptr[r11 + 24]);
        asm.mov(r8, __qword_ptr[r11 + 32]);
        asm.lea(rbx, __[rcx + rcx * 2]);
        AssemblerRegister64[] bases = [rax, r9, r10, r11];
        for (int i = 1; i < 4; i++) asm.lea(bases[i], __[bases[i - 1] + rcx * 4]);
        Label loop = asm.CreateLabel(), rest = asm.CreateLabel(), end = asm.CreateLabel();
        asm.test(r8, r8);
        asm.je(rest);
        asm.Label(ref loop);
        for (int row = 0; row < 16; row++) LoadRow(asm, s_rows[row], bases[row / 4], row % 4, bfloat16, isRest: false);
        foreach (var step in Transpose(asm))
        {
            asm.vmovups(__zmmword_ptr[rdx], step);
            asm.add(rdx, rsi);
        }
        foreach (var register in bases) asm.add(register, bfloat16 ? 128 : 64);
        asm.dec(r8);
        asm.jne(loop);
        asm.Label(ref rest);
        asm.test(edi, edi);
        asm.je(end);
        for (int row = 0; row < 16; row++) LoadRow(asm, s_rows[row], bases[row / 4], row % 4, bfloat16, isRest: true);
        foreach (var step in Transpose(asm))
        {
            asm.vmovups(__zmmword_ptr[rdx], step);
            asm.add(rdx, rsi);
            asm.shr(edi, 1);
            asm.je(end);
        }
        asm.Label(ref end);
        foreach (var register in saved.Reverse()) asm.pop(register);
        return asm.Finish();
    }

    private static void LoadRow(Assembler asm, AssemblerRegisterZMM row, AssemblerRegister64 at, int offset, bool bfloat16, bool isRest)
    {
        AssemblerMemoryOperand At(int bytes) => offset switch
        {
            0 => __zmmword_ptr[at + bytes],
            1 => __zmmword_ptr[at + rcx + bytes],
            2 => __zmmword_ptr[at + rcx * 2 + bytes],
            _ => __zmmword_ptr[at + rbx + bytes],
        };
        if (!isRest && bfloat16)
        {
            asm.vmovups(row, At(64));
            asm.vcvtne2ps2bf16(row, row, At(0));
            return;
        }
        asm.vmovups(isRest ? row.k1.z : row, At(0));
        if (!bfloat16) return;
        asm.vmovups(zmm0.k2.z, At(64));
        asm.vcvtne2ps2bf16(row, zmm0, row);
    }

    // What holds the steps afterwards, in their order.
    private static IEnumerable<AssemblerRegisterZMM> Transpose(Assembler asm)
    {
        var r = s_rows.ToArray();
        var spare = zmm0;
        // (first, second) become (low, high): the spare register takes one, the first's register is free afterwards.
        void Swap(int first, int second, TwoToOne low, TwoToOne high)
        {
            low(spare, r[first], r[second]);
            high(r[second], r[first], r[second]);
            (r[first], spare) = (spare, r[first]);
        }
        for (int i = 0; i < 16; i += 2) Swap(i, i + 1, (t, a, b) => asm.vunpcklps(t, a, b), (t, a, b) => asm.vunpckhps(t, a, b));
        for (int i = 0; i < 16; i += 4)
        {
            // Words 0 and 1 of each quarter lie in i and i + 2, words 2 and 3 in i + 1 and i + 3.
            Swap(i, i + 2, (t, a, b) => asm.vunpcklpd(t, a, b), (t, a, b) => asm.vunpckhpd(t, a, b));
            Swap(i + 1, i + 3, (t, a, b) => asm.vunpcklpd(t, a, b), (t, a, b) => asm.vunpckhpd(t, a, b));
        }
        int[] wordAt = [0, 2, 1, 3];   // word s of each quarter, of rows 4g to 4g + 3, is in register 4g + wordAt[s]
        for (int s = 0; s < 4; s++)
        {
            int q = wordAt[s];
            Swap(q, q + 4, (t, a, b) => asm.vshuff32x4(t, a, b, 0x88), (t, a, b) => asm.vshuff32x4(t, a, b, 0xdd));
            Swap(q + 8, q + 12, (t, a, b) => asm.vshuff32x4(t, a, b, 0x88), (t, a, b) => asm.vshuff32x4(t, a, b, 0xdd));
            Swap(q, q + 8, (t, a, b) => asm.vshuff32x4(t, a, b, 0x88), (t, a, b) => asm.vshuff32x4(t, a, b, 0xdd));
            Swap(q + 4, q + 12, (t, a, b) => asm.vshuff32x4(t, a, b, 0x88), (t, a, b) => asm.vshuff32x4(t, a, b, 0xdd));
        }
        // Quarters 0 and 2 came out of the even words' registers, 1 and 3 of the odd ones'.
        return Enumerable.Range(0, 16).Select(step => r[wordAt[step % 4] + (step / 4) switch { 0 => 0, 1 => 4, 2 => 8, _ => 12 }]);
    }

    // rax source, r8 stride, rdx target, r9 target stride, r10 count.
    private static void Load(Assembler asm, bool windows)
    {
        asm.mov(r11, windows ? rcx : rdi);
        asm.mov(rax, __qword_ptr[r11]);
        asm.mov(r8, __qword_ptr[r11 + 8]);
        asm.mov(rdx, __qword_ptr[r11 + 16]);
        asm.mov(r9, __qword_ptr[r11 + 24]);
        asm.mov(r10, __qword_ptr[r11 + 32]);
    }
}
