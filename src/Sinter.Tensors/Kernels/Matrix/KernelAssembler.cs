using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// Assembles micro-kernels for x64. A tile of C stays in registers; each step loads two vectors of B, or one, and multiplies them with one number of every row of A,
/// broadcast from memory. Rows are addressed in threes from one base register: base, base + stride, base + 2 · stride.
/// </summary>
/// <remarks>
/// One argument, the address of <see cref="KernelArguments"/>: in rdi under System V and in rcx on Windows, where rsi, rdi and xmm6 to xmm15 are the caller's as well.
/// </remarks>
internal static class KernelAssembler
{
    private delegate AssemblerMemoryOperand RowOperand(AssemblerMemoryOperandFactory sized, int row);

    // Bytes: a kernel of few rows waits for memory alone, and fetching into the first-level cache just ahead of the loads costs it a tenth.
    private const int FarAhead = 4096;

    private static readonly AssemblerRegisterZMM[] s_zmm = [zmm0, zmm1, zmm2, zmm3, zmm4, zmm5, zmm6, zmm7, zmm8, zmm9, zmm10, zmm11, zmm12, zmm13, zmm14, zmm15,
        zmm16, zmm17, zmm18, zmm19, zmm20, zmm21, zmm22, zmm23];
    private static readonly AssemblerRegisterYMM[] s_ymm = [ymm0, ymm1, ymm2, ymm3, ymm4, ymm5, ymm6, ymm7, ymm8, ymm9, ymm10, ymm11];
    private static readonly AssemblerRegister64[] s_bases = [r8, r9, r10, r11];
    private static readonly AssemblerRegisterXMM[] s_saved = [xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15];

    /// <summary>
    /// Up to 12 rows × 32 columns in zmm0 to zmm23, or 16 columns of a panel of 32; B in zmm30 and zmm31. With an ending, which is for 32 columns of bfloat16, the tile is rounded.
    /// </summary>
    public static byte[] Avx512(int rows, int vectors, bool bfloat16, bool windows, Ending? ending = null)
    {
        var asm = new Assembler(64);
        Prologue(asm, windows);
        var acc = s_zmm;
        Body(asm, rows, vectors,
            load: (i, address) => asm.vmovups(acc[i], address), zero: i => asm.vpxord(acc[i], acc[i], acc[i]), store: (i, address) => asm.vmovups(address, acc[i]),
            add: (i, address) => asm.vaddps(acc[i], acc[i], address), width: 64,
            step: row =>
            {
                for (int i = 0; i < rows; i++)
                    for (int v = 0; v < vectors; v++)
                    {
                        var b = v == 0 ? zmm30 : zmm31;
                        if (bfloat16) asm.vdpbf16ps(acc[vectors * i + v], b, row(__dword_bcst, i));
                        else asm.vfmadd231ps(acc[vectors * i + v], b, row(__dword_bcst, i));
                    }
            },
            loadB: () =>
            {
                asm.vmovups(zmm30, __zmmword_ptr[rdx]);
                if (vectors == 2) asm.vmovups(zmm31, __zmmword_ptr[rdx + 64]);
            },
            prefetch: ending is { } fetched ? () => EndingAssembler.Prefetch(asm, rows, fetched) : null,
            end: ending is { } ended ? () => EndingAssembler.Assemble(asm, rows, ended) : null);
        return Epilogue(asm, windows);
    }

    /// <summary>Up to 6 rows × 16 columns in ymm0 to ymm11, or 8 of 16; B in ymm12 and ymm13; the broadcast number in ymm14 and ymm15 by turns.</summary>
    public static byte[] Avx2(int rows, int vectors, bool windows)
    {
        var asm = new Assembler(64);
        Prologue(asm, windows);
        var acc = s_ymm;
        Body(asm, rows, vectors,
            load: (i, address) => asm.vmovups(acc[i], address), zero: i => asm.vxorps(acc[i], acc[i], acc[i]), store: (i, address) => asm.vmovups(address, acc[i]),
            add: (i, address) => asm.vaddps(acc[i], acc[i], address), width: 32,
            step: row =>
            {
                for (int i = 0; i < rows; i++)
                {
                    var a = i % 2 == 0 ? ymm14 : ymm15;
                    asm.vbroadcastss(a, row(__dword_ptr, i));
                    asm.vfmadd231ps(acc[vectors * i], a, ymm12);
                    if (vectors == 2) asm.vfmadd231ps(acc[2 * i + 1], a, ymm13);
                }
            },
            loadB: () =>
            {
                asm.vmovups(ymm12, __ymmword_ptr[rdx]);
                if (vectors == 2) asm.vmovups(ymm13, __ymmword_ptr[rdx + 32]);
            });
        return Epilogue(asm, windows);
    }

    // After it: r14 the arguments.
    private static void Prologue(Assembler asm, bool windows)
    {
        asm.push(rbx); asm.push(rbp); asm.push(rsi); asm.push(rdi); asm.push(r12); asm.push(r13); asm.push(r14);
        if (windows)
        {
            asm.sub(rsp, 16 * s_saved.Length);
            for (int i = 0; i < s_saved.Length; i++) asm.vmovups(__xmmword_ptr[rsp + 16 * i], s_saved[i]);
        }
        asm.mov(r14, windows ? rcx : rdi);
    }

    // After it: r8.. bases of A, rcx row stride, rdi step stride, rdx B, rsi B stride, rax C, rbx C stride, rbp steps, r11 accumulate, r12 what to fetch, r13 its stride.
    private static void LoadArguments(Assembler asm)
    {
        asm.mov(r11, r14);
        asm.mov(r8, __qword_ptr[r11]);
        asm.mov(rdx, __qword_ptr[r11 + 8]);
        asm.mov(rax, __qword_ptr[r11 + 16]);
        asm.mov(rcx, __qword_ptr[r11 + 24]);
        asm.mov(rdi, __qword_ptr[r11 + 32]);
        asm.mov(rsi, __qword_ptr[r11 + 40]);
        asm.mov(rbx, __qword_ptr[r11 + 48]);
        asm.mov(rbp, __qword_ptr[r11 + 56]);
        asm.mov(r12, __qword_ptr[r11 + 72]);
        asm.mov(r13, __qword_ptr[r11 + 80]);
        asm.test(r12, r12);
        asm.cmove(r12, r8);   // fetching address 0 would look for its page each time
        asm.mov(r11, __qword_ptr[r11 + 64]);   // accumulate; the register becomes a base after the tile is loaded
    }

    private static void Body(Assembler asm, int rows, int vectors, Action<int, AssemblerMemoryOperand> load, Action<int> zero, Action<int, AssemblerMemoryOperand> store,
        Action<int, AssemblerMemoryOperand> add, int width, Action<RowOperand> step, Action loadB, Action? prefetch = null, Action? end = null)
    {
        Label again = asm.CreateLabel(), fresh = asm.CreateLabel(), ready = asm.CreateLabel(), loop = asm.CreateLabel(), done = asm.CreateLabel();
        asm.Label(ref again);
        LoadArguments(asm);
        asm.test(r11, r11);
        asm.je(fresh);
        asm.mov(r11, rax);
        for (int i = 0; i < rows; i++)
        {
            for (int v = 0; v < vectors; v++) load(vectors * i + v, __[r11 + v * width]);
            if (i + 1 < rows) asm.add(r11, rbx);
        }
        asm.jmp(ready);
        asm.Label(ref fresh);
        // A tile that is not read first is fetched for writing while the loop runs: its stores would otherwise wait for memory in a row.
        asm.mov(r11, rax);
        for (int i = 0; prefetch is null && i < rows; i++)
        {
            for (int line = 0; line < vectors * width; line += 64) asm.prefetchw(__byte_ptr[r11 + line]);
            if (i + 1 < rows) asm.add(r11, rbx);
        }
        for (int i = 0; i < vectors * rows; i++) zero(i);
        asm.Label(ref ready);
        prefetch?.Invoke();
        asm.lea(r11, __[rcx + rcx * 2]);
        asm.lea(r9, __[r8 + r11]);
        asm.lea(r10, __[r9 + r11]);
        asm.add(r11, r10);
        asm.Label(ref loop);
        loadB();
        for (int line = 0; line < vectors * width; line += 64)
            if (rows > FewRows.Most) asm.prefetcht0(__byte_ptr[rdx + rsi * 8 + line]);
            else asm.prefetcht1(__byte_ptr[rdx + FarAhead + line]);
        asm.prefetcht1(__byte_ptr[r12]);
        asm.add(r12, r13);
        step(Row);
        for (int i = 0; i < rows; i += 3) asm.add(s_bases[i / 3], rdi);
        asm.add(rdx, rsi);
        asm.dec(rbp);
        asm.jne(loop);
        asm.mov(r13, rdx);
        Add(asm, rows, vectors, width, add);
        end?.Invoke();
        for (int i = 0; end is null && i < rows; i++)
        {
            for (int v = 0; v < vectors; v++) store(vectors * i + v, __[rax + v * width]);
            if (i + 1 < rows) asm.add(rax, rbx);
        }
        asm.cmp(__qword_ptr[r14 + 152], 1);
        asm.jle(done);
        asm.dec(__qword_ptr[r14 + 152]);
        NextPanel(asm, vectors * width, isRounded: end is not null);
        asm.jmp(again);
        asm.Label(ref done);
    }

    /// <summary>Goes on to the tile to the right, whose panel of B, r13, follows this one's.</summary>
    private static void NextPanel(Assembler asm, int bytes, bool isRounded)
    {
        asm.mov(__qword_ptr[r14 + 8], r13);
        asm.add(__qword_ptr[r14 + 16], bytes);
        Advance(88);
        if (!isRounded) Advance(96);
        else
            foreach (int field in (ReadOnlySpan<int>)[112, 128, 136]) asm.add(__qword_ptr[r14 + field], bytes / 2);

        void Advance(int field)
        {
            var none = asm.CreateLabel();
            asm.cmp(__qword_ptr[r14 + field], 0);
            asm.je(none);
            asm.add(__qword_ptr[r14 + field], bytes);
            asm.Label(ref none);
        }
    }

    /// <summary>The bias, then the residual, while the tile is in registers.</summary>
    private static void Add(Assembler asm, int rows, int vectors, int width, Action<int, AssemblerMemoryOperand> add)
    {
        Label noBias = asm.CreateLabel(), noResidual = asm.CreateLabel();
        asm.mov(r11, __qword_ptr[r14 + 88]);
        asm.test(r11, r11);
        asm.je(noBias);
        for (int i = 0; i < vectors * rows; i++) add(i, __[r11 + i % vectors * width]);
        asm.Label(ref noBias);
        asm.mov(r11, __qword_ptr[r14 + 96]);
        asm.test(r11, r11);
        asm.je(noResidual);
        asm.mov(r10, __qword_ptr[r14 + 104]);
        for (int i = 0; i < rows; i++)
        {
            for (int v = 0; v < vectors; v++) add(vectors * i + v, __[r11 + v * width]);
            if (i + 1 < rows) asm.add(r11, r10);
        }
        asm.Label(ref noResidual);
    }

    private static byte[] Epilogue(Assembler asm, bool windows)
    {
        if (windows)
        {
            for (int i = 0; i < s_saved.Length; i++) asm.vmovups(s_saved[i], __xmmword_ptr[rsp + 16 * i]);
            asm.add(rsp, 16 * s_saved.Length);
        }
        asm.pop(r14); asm.pop(r13); asm.pop(r12); asm.pop(rdi); asm.pop(rsi); asm.pop(rbp); asm.pop(rbx);
        return asm.Finish();
    }

    private static AssemblerMemoryOperand Row(AssemblerMemoryOperandFactory sized, int row) => (row % 3) switch
    {
        0 => sized[s_bases[row / 3]],
        1 => sized[s_bases[row / 3] + rcx],
        _ => sized[s_bases[row / 3] + rcx * 2],
    };
}
