using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sinter.Checkpoints.Files;

namespace Sinter.Evaluation;

/// <summary>How a finished model did on its validation part, beside what is reached without it: <c>evaluation.json</c> next to the weights.</summary>
public sealed record TaskReport
{
    /// <summary>The file's name in a model's folder.</summary>
    public const string FileName = "evaluation.json";

    private static readonly TaskReportJson Json =
        new(new JsonSerializerOptions(TaskReportJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The task's name in recipes.</summary>
    public required string Task { get; init; }

    /// <summary>What was counted, in the plural: <c>examples</c>, <c>tokens</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>How many there were to train on.</summary>
    public long Trained { get; init; }

    /// <summary>How many were validated with.</summary>
    public long Validated { get; init; }

    /// <summary>Whose figures they are: <c>model</c>, and what it is compared with.</summary>
    public IReadOnlyList<string> Columns { get; init; } = ["model"];

    /// <summary>The figures.</summary>
    public required IReadOnlyList<ReportFigure> Figures { get; init; }

    /// <summary>By label; empty where there are none.</summary>
    public IReadOnlyList<LabelScores> Labels { get; init; } = [];

    /// <summary>Examples of each label (rows, in the order of <see cref="Labels"/>) that were predicted to have each; null where an example may have several.</summary>
    public IReadOnlyList<long[]>? Confusion { get; init; }

    /// <summary>Reads the report of a model's folder; null where there is none.</summary>
    /// <exception cref="CheckpointException">It is damaged or can't be read.</exception>
    public static TaskReport? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), TaskReportJson.Default.TaskReport);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: can't be read: {e.Message}", e);
        }
    }

    /// <summary>Writes the report into a model's folder.</summary>
    /// <exception cref="CheckpointException">It can't be written.</exception>
    public FileHash Write(string folder) => DurableFile.Write(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json.TaskReport));
}

/// <summary>A figure of a report.</summary>
/// <param name="Name">As <c>metrics.jsonl</c> has it, without <c>validation_</c>.</param>
/// <param name="Values">By column; null where it has none.</param>
public sealed record ReportFigure(string Name, IReadOnlyList<double?> Values);

/// <summary>How well a label was told from the others.</summary>
/// <param name="Label">The label.</param>
/// <param name="Support">Examples that have it.</param>
/// <param name="Precision">See <see cref="BinaryCounts"/>, as the others.</param>
public sealed record LabelScores(string Label, long Support, double Precision, double Recall, double F1, double Informedness, double Markedness)
{
    /// <summary>The scores of counts.</summary>
    public static LabelScores Of(string label, BinaryCounts counts) =>
        new(label, counts.Support, counts.Precision, counts.Recall, counts.F1, counts.Informedness, counts.Markedness);
}

[JsonSerializable(typeof(TaskReport))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class TaskReportJson : JsonSerializerContext;
