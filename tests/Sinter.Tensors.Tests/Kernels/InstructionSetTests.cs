using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;

namespace Sinter.Tensors.Tests.Kernels;

/// <summary>Runs the tests of kernels and operations again in a process that lacks an instruction set.</summary>
public sealed partial class InstructionSetTests
{
    private const string Expected = "SINTER_TESTS_INSTRUCTION_SET";
    private static readonly string? s_expected = Environment.GetEnvironmentVariable(Expected);

    [Fact]
    public void The_matrix_kernel_is_the_best_of_this_process()
    {
        using var device = new CpuDevice(1);
        string best = Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported ? "avx512" : Avx2.IsSupported && Fma.IsSupported ? "avx2"
            : "portable";
        Assert.Equal(best, device.InstructionSet);
        if (s_expected is null) return;
        // The child: what was switched off must really be off, or it would test the same kernels again.
        Assert.Equal(s_expected, device.InstructionSet);
        Assert.False(Vector512.IsHardwareAccelerated);
        Assert.Equal(s_expected == "avx2", Vector256.IsHardwareAccelerated);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "avx2")]
    [InlineData("DOTNET_EnableAVX2", "portable")]
    public async Task Kernels_and_operations_pass_without(string knob, string expected)
    {
        if (s_expected is not null) Assert.Skip("This is the process that lacks an instruction set.");
        if (knob == "DOTNET_EnableAVX512" && !Avx512F.IsSupported) Assert.Skip("This processor has no AVX-512 to switch off.");
        if (!Avx2.IsSupported || !Fma.IsSupported) Assert.Skip("This processor has no AVX2 with FMA.");
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Add(typeof(InstructionSetTests).Assembly.Location);
        foreach (string argument in (string[])["--filter-namespace", "Sinter.Tensors.Tests.Kernels", "Sinter.Tensors.Tests.Ops", "--no-progress"])
            start.ArgumentList.Add(argument);
        start.Environment[knob] = "0";
        start.Environment[Expected] = expected;
        using var child = Process.Start(start)!;
        var (output, errors) = (child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        string text = await output + await errors;
        Assert.True(child.ExitCode == 0, $"without {knob}:\n{text}");
        Assert.True(int.Parse(Succeeded().Match(text).Groups[1].ValueSpan) > 200, text);
        TestContext.Current.TestOutputHelper?.WriteLine(text);
    }

    [GeneratedRegex(@"succeeded: (\d+)")]
    private static partial Regex Succeeded();
}
