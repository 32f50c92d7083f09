using Sinter.Options;

namespace Sinter.Training.Stopping;

/// <summary>The options of one stopping rule; each derives its own. A number is <see cref="PatienceOptions"/> of that many evaluations.</summary>
public abstract class StoppingOptions : INamedOptions
{
    /// <summary>The rule's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>The metric that it looks at.</summary>
    public abstract string WatchedMetric { get; }

    /// <summary>The rule of these options.</summary>
    public abstract IStoppingRule Create();

    /// <summary>What is wrong with a rule that looks at a metric that the run does not have, or null.</summary>
    internal static string? MissingMetric(TrainingOptions options)
    {
        foreach (string metric in options.Stop.Select(s => s.WatchedMetric))
        {
            if (metric == "clip_factor" && options.GradientClip is null) return "looks at clip_factor, and nothing is clipped; set gradient_clip, or choose another metric";
            if (metric == "penalty" && options.Penalty is null) return "looks at penalty, and there is none; set penalty, or choose another metric";
        }
        return null;
    }
}
