using System.Globalization;
using Sinter.Tensors.Profiling;
using Sinter.Training;

namespace Sinter.Monitoring.Profiles;

/// <summary>A profile as tables that people read, per step, the longest first.</summary>
public static class ProfileTables
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Time per operation with its share of the step, GFLOP/s of its matrix products, GB/s of its buffers and, where peaks are known, the
    /// larger of the two as a share of them.</summary>
    /// <param name="profile">What was measured.</param>
    /// <param name="peakGflops">The most that products can do in the precision in use, or 0.</param>
    /// <param name="peakGigabytes">The most GB/s of memory, or 0.</param>
    public static IEnumerable<string> Operations(OpProfile profile, double peakGflops = 0, double peakGigabytes = 0)
    {
        ArgumentNullException.ThrowIfNull(profile);
        bool hasPeaks = peakGflops > 0;
        var table = new TextTable(["operation", "", "calls", "ms", "share", "GFLOP/s", "GB/s", .. hasPeaks ? ["of peak"] : Array.Empty<string>()]);
        foreach (var row in profile.Rows.OrderByDescending(r => r.Seconds))
        {
            double gflops = row.Operations / row.Seconds / 1e9, gigabytes = row.Bytes / row.Seconds / 1e9;
            bool isRest = row.Op == OpProfile.Rest;
            string part = row.IsBackward ? "backward" : HasParts(row.Op) ? "forward" : "";
            string peak = hasPeaks && !isRest ? HumanFormat.Percent(Math.Max(gflops / peakGflops, gigabytes / peakGigabytes)) : "";
            table.Add(row.Op, part, isRest ? "" : HumanFormat.Count(row.Calls / profile.Steps),
                Milliseconds(row.Seconds / profile.Steps), HumanFormat.Percent(row.Seconds / profile.Seconds), Rate(gflops), Rate(gigabytes), peak);
        }
        return table.Lines();
    }

    /// <summary>Time per part of a step: making the batch, forward, backward, norm of the gradients, update.</summary>
    public static IEnumerable<string> Parts(OpProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var table = new TextTable("part of a step", "ms", "share");
        foreach (var part in profile.Rows.GroupBy(r => HasParts(r.Op) ? r.IsBackward ? "backward" : "forward" : r.Op))
        {
            double seconds = part.Sum(r => r.Seconds);
            table.Add(part.Key, Milliseconds(seconds / profile.Steps), HumanFormat.Percent(seconds / profile.Seconds));
        }
        table.Add("step", Milliseconds(profile.Seconds / profile.Steps), HumanFormat.Percent(1));
        return table.Lines();
    }

    /// <summary>Time per phase of a run: reading data, steps, evaluation, checkpoints.</summary>
    public static IEnumerable<string> Phases(IReadOnlyList<PhaseTime> phases)
    {
        var table = new TextTable("phase of the run", "s", "share");
        double all = phases.Sum(p => p.Seconds);
        foreach (var phase in phases) table.Add(phase.Phase, phase.Seconds.ToString("0.00", Culture), HumanFormat.Percent(phase.Seconds / all));
        return table.Lines();
    }

    /// <summary>Time per shape of matrix product, with GFLOP/s; ᵀ marks a factor that was read transposed.</summary>
    /// <inheritdoc cref="Operations"/>
    public static IEnumerable<string> Products(OpProfile profile, double peakGflops = 0)
    {
        ArgumentNullException.ThrowIfNull(profile);
        bool hasPeaks = peakGflops > 0;
        var table = new TextTable(["product  M x N x K", "", "calls", "ms", "share", "GFLOP/s", .. hasPeaks ? ["of peak"] : Array.Empty<string>()]);
        foreach (var row in profile.Products.OrderByDescending(r => r.Seconds))
        {
            double gflops = row.Operations / row.Seconds / 1e9;
            table.Add($"{row.M} x {row.N} x {row.K}", $"A{(row.TransposedA ? "ᵀ" : "")} B{(row.TransposedB ? "ᵀ" : "")}",
                HumanFormat.Count(row.Calls / profile.Steps), Milliseconds(row.Seconds / profile.Steps),
                HumanFormat.Percent(row.Seconds / profile.Seconds), Rate(gflops), hasPeaks ? HumanFormat.Percent(gflops / peakGflops) : "");
        }
        return table.Lines();
    }

    /// <summary>Where memory goes.</summary>
    /// <param name="use">What the device holds.</param>
    /// <param name="processBytes">The process's peak, or 0.</param>
    public static IEnumerable<string> Memory(MemoryUse use, long processBytes = 0)
    {
        var table = new TextTable("memory", "MiB");
        table.Add("weights", Mebibytes(use.Weights));
        table.Add("gradients", Mebibytes(use.Gradients));
        table.Add("optimizer's states", Mebibytes(use.States));
        table.Add("saved for the backward pass", Mebibytes(use.Saved));
        table.Add("other activations and gaps", Mebibytes(use.Temporary));
        if (use.Shared > 0) table.Add("shared by gradients and activations", Mebibytes(-use.Shared));
        table.Add("working memory of kernels", Mebibytes(use.Workspace));
        if (processBytes > 0)
        {
            table.Add("runtime, program, rest", Mebibytes(processBytes - use.Total));
            table.Add("peak of the process", Mebibytes(processBytes));
        }
        return table.Lines();
    }

    private static bool HasParts(string op) => op is not (OpProfile.Rest or OpProfile.Batch or OpProfile.Update or OpProfile.GradientNorm or OpProfile.Clip or OpProfile.Penalty);

    private static string Milliseconds(double seconds) => (seconds * 1e3).ToString("0.000", Culture);

    private static string Rate(double value) => value < 0.05 ? "" : value.ToString("0.0", Culture);

    private static string Mebibytes(long bytes) => (bytes / 1048576.0).ToString("0.0", Culture);
}
