using Sinter.Options;

namespace Sinter.Recipes;

/// <summary>What a run's machine made of the choices that a recipe leaves open; bits can differ where these do.</summary>
public sealed class ResolvedOptions
{
    /// <summary>The keys of <c>resolved</c> in recipes.</summary>
    public static OptionsSchema<ResolvedOptions> Schema { get; } = OptionsSchema.Create<ResolvedOptions>(static b =>
    {
        b.Text("precision", "fp32 or bf16, as used.", o => o.Precision, (o, v) => o.Precision = v);
        b.Text("instruction_set", "The kernels used.", o => o.InstructionSet, (o, v) => o.InstructionSet = v);
        b.Integer("threads", "The threads used.", o => o.Threads, (o, v) => o.Threads = v);
    });

    /// <summary><c>fp32</c> or <c>bf16</c>.</summary>
    public string Precision { get; set; } = "";

    /// <summary>The kernels used, such as <c>avx512-bf16</c>.</summary>
    public string InstructionSet { get; set; } = "";

    /// <summary>The threads used.</summary>
    public int Threads { get; set; }
}
