using Sinter.Options;

namespace Sinter.Optimizers;

/// <summary>The optimizers that recipes choose from.</summary>
public static class OptimizerRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<OptimizerOptions> All { get; } = new Registry<OptimizerOptions>("optimizer")
        .Add(AdamWOptions.Schema)
        .Add(AdamOptions.Schema)
        .Add(SgdOptions.Schema)
        .Add(AdagradOptions.Schema)
        .Add(AdadeltaOptions.Schema)
        .Add(RmsPropOptions.Schema)
        .Add(NAdamOptions.Schema)
        .Add(RAdamOptions.Schema)
        .Add(AdamaxOptions.Schema)
        .Add(LionOptions.Schema)
        .Add(AdafactorOptions.Schema)
        .Add(MuonOptions.Schema);
}
