using Sinter.Options;

namespace Sinter.Training.Regularization;

/// <summary>The penalties that recipes choose from.</summary>
public static class PenaltyRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<PenaltyOptions> All { get; } = new Registry<PenaltyOptions>("penalty")
        .Add(L1PenaltyOptions.Schema)
        .Add(L2PenaltyOptions.Schema)
        .Add(ElasticNetPenaltyOptions.Schema)
        .Add(EwcPenaltyOptions.Schema);
}
