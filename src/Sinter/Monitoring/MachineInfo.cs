using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Sinter.Monitoring;

/// <summary>The machine a run was trained on.</summary>
/// <param name="Processor">The processor's own name.</param>
/// <param name="Processors">Logical processors that the process may use.</param>
/// <param name="MemoryBytes">Memory that the process may use, a container's limit included.</param>
/// <param name="System">Operating system and architecture.</param>
/// <param name="Runtime">The .NET runtime.</param>
public sealed record MachineInfo(string Processor, int Processors, long MemoryBytes, string System, string Runtime)
{
    /// <summary>This machine.</summary>
    public static MachineInfo Current { get; } = new(ProcessorName(), Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        $"{RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})", RuntimeInformation.FrameworkDescription);

    // The brand string of an x86 processor: CPUID leaves 0x80000002 to 0x80000004, 16 characters each.
    private static string ProcessorName()
    {
        if (!X86Base.IsSupported || unchecked((uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax) < 0x80000004)
            return $"{RuntimeInformation.ProcessArchitecture} processor";
        Span<int> words = stackalloc int[12];
        for (int leaf = 0; leaf < 3; leaf++)
        {
            var (eax, ebx, ecx, edx) = X86Base.CpuId(unchecked((int)0x80000002) + leaf, 0);
            (words[4 * leaf], words[4 * leaf + 1], words[4 * leaf + 2], words[4 * leaf + 3]) = (eax, ebx, ecx, edx);
        }
        string name = Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).TrimEnd('\0');
        return string.Join(' ', name.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
