using System.Globalization;
using Sinter.Recipes;
using Sinter.Schedules;
using Sinter.Tests.Recipes;

namespace Sinter.Tests.Schedules;

/// <summary>A schedule as a recipe writes it, and what a reference gives update by update.</summary>
/// <param name="Source">Who says so.</param>
/// <param name="Schedule">The schedule in YAML.</param>
/// <param name="Steps">Steps of the run.</param>
/// <param name="Peak">The optimizer's learning rate.</param>
/// <param name="Rates">The learning rates.</param>
/// <param name="Momenta">The momenta, or none.</param>
/// <param name="Values">What is observed after each update, or nothing.</param>
internal sealed record ReferenceCase(string Source, string Schedule, long Steps, double Peak, double[] Rates, double[] Momenta, double[] Values)
{
    public static IReadOnlyList<ReferenceCase> All { get; } =
        [.. from line in File.ReadLines(Path.Combine(Repository.Root, "tests", "Sinter.Tests", "Schedules", "schedules.tsv"))
            let f = line.Split('\t')
            select new ReferenceCase(f[0], f[1], long.Parse(f[2], CultureInfo.InvariantCulture), Number(f[3]), Numbers(f[4]), Numbers(f[5]), Numbers(f[6]))];

    /// <summary>The options, read as a recipe's.</summary>
    public ScheduleOptions Options { get; } = Read(Schedule, Steps, Peak);

    public static ScheduleOptions Read(string schedule, long steps, double peak) => RecipeReader.Parse(
        $"data: {{ text: a }}\ntraining:\n  max_steps: {steps}\n  optimizer: {{ learning_rate: {peak.ToString("R", CultureInfo.InvariantCulture)} }}\n"
        + $"  schedule: {schedule}\n", "r.yaml").Training.Schedule;

    public override string ToString() => $"{Source} {Schedule}";

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double[] Numbers(string text) => text.Length == 0 ? [] : [.. text.Split(' ').Select(Number)];
}
