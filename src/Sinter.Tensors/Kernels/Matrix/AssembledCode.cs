using Iced.Intel;

namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>How every assembled routine ends.</summary>
internal static class AssembledCode
{
    /// <summary>Clears the vectors' upper parts, for instructions without them to run at their speed, returns to the caller, and gives the routine's bytes.</summary>
    public static byte[] Finish(this Assembler asm)
    {
        asm.vzeroupper();
        asm.ret();
        using var code = new MemoryStream();
        asm.Assemble(new StreamCodeWriter(code), 0);
        return code.ToArray();
    }
}
