namespace Sinter.Monitoring.Reports;

/// <summary>What a report tells beside the figures in <c>metrics.jsonl</c>.</summary>
/// <param name="Run">The run: samples, machine, times.</param>
/// <param name="RecipeYaml">The recipe as resolved.</param>
public sealed record ReportData(RunRecord Run, string RecipeYaml);
