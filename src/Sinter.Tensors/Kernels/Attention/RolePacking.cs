using System.Runtime.InteropServices;
using Iced.Intel;
using Sinter.Tensors.Kernels.Matrix;
using static Iced.Intel.AssemblerRegisters;

namespace Sinter.Tensors.Kernels.Attention;

/// <summary>
/// Whole roles of heads to pairs of bfloat16 with <c>vcvtne2ps2bf16</c>, many short rows in one call: heads are narrow, so a call for each row would
/// cost as much as the work. What is left of a row beyond whole vectors is read under a mask.
/// </summary>
internal static unsafe class RolePacking
{
    private static readonly delegate* unmanaged[SuppressGCTransition]<Arguments*, void> s_rows, s_steps;

    static RolePacking()
    {
        if (!MicroKernels.HasBFloat16) return;
        bool windows = OperatingSystem.IsWindows();
        nint* codes = ExecutableMemory.Publish([AssembleRows(windows), AssembleSteps(windows)]);
        if (codes == null) return;
        s_rows = (delegate* unmanaged[SuppressGCTransition]<Arguments*, void>)codes[0];
        s_steps = (delegate* unmanaged[SuppressGCTransition]<Arguments*, void>)codes[1];
    }

    /// <summary>Whether the processor has the conversion and lets code be made.</summary>
    public static bool IsAvailable => s_rows != null;

    /// <inheritdoc cref="StepPacking.Rows(float*, long, int, int, uint*, long)"/>
    public static void Rows(float* source, long stride, int rows, int width, uint* target, long targetStride)
    {
        int rest = width % 32;
        var a = new Arguments
        {
            Source = source,
            Stride = stride * sizeof(float),
            Target = target,
            TargetStride = targetStride * sizeof(uint),
            Count = rows,
            Whole = width / 32 * 64,
            Mask = (1u << rest) - 1,
        };
        s_rows(&a);
    }

    /// <inheritdoc cref="StepPacking.Steps(float*, long, int, int, uint*, long)"/>
    public static void Steps(float* source, long stride, int rows, int width, uint* target, long targetStride)
    {
        int rest = width % 16;
        var a = new Arguments
        {
            Source = source,
            Second = source + stride,
            Stride = 2 * stride * sizeof(float),
            Target = target,
            TargetStride = targetStride * sizeof(uint),
            Count = rows / 2,
            Whole = width / 16 * 64,
            Mask = (1u << rest) - 1,
            Interleave = AssembledPacking.HalvesToPairs,
        };
        if (rows > 1) s_steps(&a);
        if (rows % 2 == 1) Packing.Across(source + (rows - 1) * stride, null, width, width, target + rows / 2 * targetStride, bfloat16: true);
    }

    private static byte[] AssembleRows(bool windows)
    {
        var asm = new Assembler(64);
        Load(asm, windows);
        asm.mov(r8, __qword_ptr[r11 + 8]);
        asm.kmovw(k1, __word_ptr[r11 + 56]);
        asm.kmovw(k2, __word_ptr[r11 + 58]);
        Label row = asm.CreateLabel(), whole = asm.CreateLabel(), rest = asm.CreateLabel(), next = asm.CreateLabel();
        asm.Label(ref row);
        asm.xor(ecx, ecx);
        asm.Label(ref whole);
        asm.cmp(rcx, __qword_ptr[r11 + 48]);
        asm.jae(rest);
        asm.vmovups(zmm17, __zmmword_ptr[rax + rcx * 2 + 64]);
        asm.vcvtne2ps2bf16(zmm17, zmm17, __zmmword_ptr[rax + rcx * 2]);   // lower half from memory, upper half from the register
        asm.vmovups(__zmmword_ptr[rdx + rcx], zmm17);
        asm.add(rcx, 64);
        asm.jmp(whole);
        asm.Label(ref rest);
        asm.cmp(__dword_ptr[r11 + 56], 0);
        asm.je(next);
        asm.vmovups(zmm16.k1.z, __zmmword_ptr[rax + rcx * 2]);
        asm.vmovups(zmm17.k2.z, __zmmword_ptr[rax + rcx * 2 + 64]);
        asm.vcvtne2ps2bf16(zmm17, zmm17, zmm16);
        asm.vmovups(__zmmword_ptr[rdx + rcx], zmm17);
        asm.Label(ref next);
        asm.add(rax, r8);
        asm.add(rdx, r9);
        asm.dec(r10);
        asm.jne(row);
        return asm.Finish();
    }

    private static byte[] AssembleSteps(bool windows)
    {
        var asm = new Assembler(64);
        Load(asm, windows);
        asm.mov(r8, __qword_ptr[r11 + 40]);
        asm.kmovw(k1, __word_ptr[r11 + 56]);
        asm.mov(rcx, __qword_ptr[r11 + 64]);
        asm.vmovups(zmm18, __zmmword_ptr[rcx]);
        Label step = asm.CreateLabel(), whole = asm.CreateLabel(), rest = asm.CreateLabel(), next = asm.CreateLabel();
        asm.Label(ref step);
        asm.xor(ecx, ecx);
        asm.Label(ref whole);
        asm.cmp(rcx, __qword_ptr[r11 + 48]);
        asm.jae(rest);
        asm.vmovups(zmm17, __zmmword_ptr[r8 + rcx]);
        asm.vcvtne2ps2bf16(zmm17, zmm17, __zmmword_ptr[rax + rcx]);
        asm.vpermw(zmm17, zmm18, zmm17);
        asm.vmovups(__zmmword_ptr[rdx + rcx], zmm17);
        asm.add(rcx, 64);
        asm.jmp(whole);
        asm.Label(ref rest);
        asm.cmp(__dword_ptr[r11 + 56], 0);
        asm.je(next);
        asm.vmovups(zmm16.k1.z, __zmmword_ptr[rax + rcx]);
        asm.vmovups(zmm17.k1.z, __zmmword_ptr[r8 + rcx]);
        asm.vcvtne2ps2bf16(zmm17, zmm17, zmm16);
        asm.vpermw(zmm17, zmm18, zmm17);
        asm.vmovups(__zmmword_ptr[rdx + rcx], zmm17);
        asm.Label(ref next);
        asm.add(rax, __qword_ptr[r11 + 8]);
        asm.add(r8, __qword_ptr[r11 + 8]);
        asm.add(rdx, r9);
        asm.dec(r10);
        asm.jne(step);
        return asm.Finish();
    }

    // rax source, rdx target, r9 target stride, r10 count, r11 the arguments; these, rcx and r8, zmm16 and up and the masks are free for a callee
    // under System V and on Windows.
    private static void Load(Assembler asm, bool windows)
    {
        asm.mov(r11, windows ? rcx : rdi);
        asm.mov(rax, __qword_ptr[r11]);
        asm.mov(rdx, __qword_ptr[r11 + 16]);
        asm.mov(r9, __qword_ptr[r11 + 24]);
        asm.mov(r10, __qword_ptr[r11 + 32]);
    }

    /// <summary>Read by offset.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Arguments
    {
        public float* Source;
        public long Stride;
        public uint* Target;
        public long TargetStride;
        public long Count;
        public float* Second;
        public long Whole;
        public ulong Mask;
        public ushort* Interleave;
    }
}
