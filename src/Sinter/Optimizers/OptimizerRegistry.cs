using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>The optimizers that recipes choose from.</summary>
public static class OptimizerRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<OptimizerOptions> All { get; } = new Registry<OptimizerOptions>("optimizer")
        .Add(AdamWOptions.Schema)
        .Add(AdafactorOptions.Schema)
        .Add(MuonOptions.Schema);
}
