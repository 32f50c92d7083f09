using Iced.Intel;
using System.Runtime.InteropServices;
using static Iced.Intel.AssemblerRegisters;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>
/// The conversion of factors to bfloat16 with the processor's own instruction (<c>vcvtne2ps2bf16</c>: to nearest, ties to even, NaN stays, denormals become 0), which
/// C# has no name for. It does in four instructions what takes some thirty without it.
/// </summary>
internal static unsafe class BFloat16Packing
{
    private static readonly delegate* unmanaged[SuppressGCTransition]<Arguments*, void> s_across, s_row;
    private static readonly ushort* s_interleave = Interleave();

    static BFloat16Packing()
    {
        if (!MicroKernels.HasBFloat16) return;
        nint across = ExecutableMemory.Publish(Across(OperatingSystem.IsWindows())), row = ExecutableMemory.Publish(Row(OperatingSystem.IsWindows()));
        if (across == 0 || row == 0) return;
        s_across = (delegate* unmanaged[SuppressGCTransition]<Arguments*, void>)across;
        s_row = (delegate* unmanaged[SuppressGCTransition]<Arguments*, void>)row;
    }

    /// <summary>Whether the processor has it and lets code be made.</summary>
    public static bool IsAvailable => s_row != null;

    /// <summary>Pairs of rows as steps: sixteen columns of rows 2s and 2s + 1 become step s.</summary>
    /// <param name="source">The first row.</param>
    /// <param name="stride">Elements between rows.</param>
    /// <param name="steps">Steps, at least 1.</param>
    /// <param name="target">The first step.</param>
    /// <param name="targetStride">Words between steps.</param>
    public static void Across(float* source, long stride, int steps, uint* target, long targetStride)
    {
        var a = new Arguments { Source = source, Stride = stride * sizeof(float), Target = target, TargetStride = targetStride * sizeof(uint), Count = steps, Interleave = s_interleave };
        s_across(&a);
    }

    /// <summary>Groups of 32 neighbouring numbers as sixteen steps.</summary>
    public static void Row(float* source, int groups, uint* target)
    {
        var a = new Arguments { Source = source, Target = target, Count = groups };
        s_row(&a);
    }

    private static byte[] Across(bool windows)
    {
        var asm = new Assembler(64);
        Load(asm, windows);
        asm.mov(r11, __qword_ptr[r11 + 40]);
        asm.vmovups(zmm16, __zmmword_ptr[r11]);
        var loop = asm.CreateLabel();
        asm.Label(ref loop);
        asm.vmovups(zmm17, __zmmword_ptr[rax + r8]);
        asm.vcvtne2ps2bf16(zmm17, zmm17, __zmmword_ptr[rax]);   // lower half from memory, upper half from the register
        asm.vpermw(zmm17, zmm16, zmm17);
        asm.vmovups(__zmmword_ptr[rdx], zmm17);
        asm.lea(rax, __[rax + r8 * 2]);
        asm.add(rdx, r9);
        asm.dec(r10);
        asm.jne(loop);
        return Finish(asm);
    }

    private static byte[] Row(bool windows)
    {
        var asm = new Assembler(64);
        Load(asm, windows);
        var loop = asm.CreateLabel();
        asm.Label(ref loop);
        asm.vmovups(zmm17, __zmmword_ptr[rax + 64]);
        asm.vcvtne2ps2bf16(zmm17, zmm17, __zmmword_ptr[rax]);
        asm.vmovups(__zmmword_ptr[rdx], zmm17);
        asm.add(rax, 128);
        asm.add(rdx, 64);
        asm.dec(r10);
        asm.jne(loop);
        return Finish(asm);
    }

    // rax source, r8 stride, rdx target, r9 target stride, r10 count; all free for a callee under System V and on Windows, as zmm16 and up are.
    private static void Load(Assembler asm, bool windows)
    {
        asm.mov(r11, windows ? rcx : rdi);
        asm.mov(rax, __qword_ptr[r11]);
        asm.mov(r8, __qword_ptr[r11 + 8]);
        asm.mov(rdx, __qword_ptr[r11 + 16]);
        asm.mov(r9, __qword_ptr[r11 + 24]);
        asm.mov(r10, __qword_ptr[r11 + 32]);
    }

    private static byte[] Finish(Assembler asm)
    {
        asm.vzeroupper();
        asm.ret();
        using var code = new MemoryStream();
        asm.Assemble(new StreamCodeWriter(code), 0);
        return code.ToArray();
    }

    /// <summary>0, 16, 1, 17 …: from halves to pairs.</summary>
    private static ushort* Interleave()
    {
        var index = (ushort*)NativeMemory.AlignedAlloc(64, 64);
        for (int i = 0; i < 32; i++) index[i] = (ushort)(i / 2 + i % 2 * 16);
        return index;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Arguments
    {
        public float* Source;
        public long Stride;
        public uint* Target;
        public long TargetStride;
        public long Count;
        public ushort* Interleave;
    }
}
