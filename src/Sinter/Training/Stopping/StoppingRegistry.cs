using Sinter.Options;

namespace Sinter.Training.Stopping;

/// <summary>The stopping rules that recipes choose from.</summary>
public static class StoppingRegistry
{
    /// <summary>All of them; one line each.</summary>
    public static Registry<StoppingOptions> All { get; } = new Registry<StoppingOptions>("stopping rule")
        .Add(PatienceOptions.Schema)
        .Add(GoalOptions.Schema)
        .Add(GuardOptions.Schema)
        .Shorten("patience", "patience");
}
