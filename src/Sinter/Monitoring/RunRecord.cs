using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sinter.Checkpoints.Files;
using Sinter.Models;
using Sinter.Training.Stopping;

namespace Sinter.Monitoring;

/// <summary>
/// What a run is and how it went, as <c>run.json</c> in its folder tells: the part of its history that is not a figure per step
/// (that is <c>metrics.jsonl</c>, whose schema's version stands here).
/// </summary>
public sealed record RunRecord
{
    /// <summary>The file's name in a run folder.</summary>
    public const string FileName = "run.json";

    /// <summary>The newest version of this file and of <c>metrics.jsonl</c>.</summary>
    public const int CurrentSchema = 1;

    // Samples in any script stay readable; the file is no part of a page.
    private static readonly RunRecordJson Json =
        new(new JsonSerializerOptions(RunRecordJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Version of this file and of <c>metrics.jsonl</c>.</summary>
    public int SchemaVersion { get; init; } = CurrentSchema;

    /// <summary>The run's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The model's shape.</summary>
    public ModelConfig? Model { get; init; }

    /// <summary>Trained elements.</summary>
    public long Parameters { get; init; }

    /// <summary>Tokens of the training part.</summary>
    public long TrainTokens { get; init; }

    /// <summary>Tokens of the validation part.</summary>
    public long ValidationTokens { get; init; }

    /// <summary>Target tokens of a global batch; the mean, where they differ.</summary>
    public long TokensPerStep { get; init; }

    /// <summary>The step at which the run is complete.</summary>
    public long TotalSteps { get; init; }

    /// <summary>Why the run ended before that step: done as a stopping rule says, or gone wrong; null where it did not.</summary>
    public StopReason? Stop { get; init; }

    /// <summary>The best evaluation, whose checkpoint is kept and whose weights the finished model has; null where the recipe does not ask for it.</summary>
    public BestStep? Best { get; init; }

    /// <summary>Whether the run is done and the model written.</summary>
    public bool Completed { get; init; }

    /// <summary>The texts sampled, in order.</summary>
    public IReadOnlyList<RunSample> Samples { get; init; } = [];

    /// <summary>The times the run was started or resumed, in order.</summary>
    public IReadOnlyList<RunSession> Sessions { get; init; } = [];

    /// <summary>
    /// Reads the record of <paramref name="runFolder"/>, without the samples after <paramref name="step"/>; an empty record when there is none.
    /// </summary>
    /// <exception cref="SinterException">The file can't be read, is damaged, or is of a newer Sinter.</exception>
    public static RunRecord Read(string runFolder, long step = long.MaxValue)
    {
        string path = Path.Combine(runFolder, FileName);
        if (!File.Exists(path)) return new RunRecord();
        try
        {
            var record = JsonSerializer.Deserialize(File.ReadAllBytes(path), RunRecordJson.Default.RunRecord)
                ?? throw new JsonException("The file holds null.");
            if (record.SchemaVersion > CurrentSchema)
                throw new SinterException($"{path} has schema version {record.SchemaVersion}; this Sinter knows {CurrentSchema}. Use a newer one.");
            return record with { Samples = [.. record.Samples.Where(sample => sample.Step <= step)] };
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SinterException($"Can't read {path}: {e.Message} Delete the file to go on without the run's earlier samples and times.", e);
        }
    }

    /// <summary>Writes the record to <paramref name="runFolder"/>; killed at any instant, the old one or the new one is there.</summary>
    /// <exception cref="SinterException">The disk is full or the file can't be written.</exception>
    public void Write(string runFolder) =>
        DurableFile.Write(Path.Combine(runFolder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json.RunRecord));
}

/// <summary>A text that the model wrote.</summary>
/// <param name="Step">Steps done before.</param>
/// <param name="Prompt">The text it was given.</param>
/// <param name="Text">What it wrote after that.</param>
public sealed record RunSample(long Step, string Prompt, string Text);

/// <summary>A time the run was started or resumed.</summary>
public sealed record RunSession
{
    /// <summary>When.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>0, or the step resumed from.</summary>
    public long FirstStep { get; init; }

    /// <summary>The last step that was written down.</summary>
    public long LastStep { get; init; }

    /// <summary>Time from start to that.</summary>
    public double Seconds { get; init; }

    /// <summary><c>fp32</c> or <c>bf16</c>.</summary>
    public string Precision { get; init; } = "";

    /// <summary>The kernels in use.</summary>
    public string InstructionSet { get; init; } = "";

    /// <summary>Threads in use.</summary>
    public int Threads { get; init; }

    /// <summary>The machine.</summary>
    public MachineInfo? Machine { get; init; }

    /// <summary>The most bytes that the device held.</summary>
    public long PeakMemoryBytes { get; init; }

    /// <summary>Seconds by phase, in the order in which they first ended.</summary>
    public IReadOnlyList<RunPhase> Phases { get; init; } = [];
}

/// <summary>The time that one phase of a session took.</summary>
/// <param name="Name">Such as <c>forward and backward</c>.</param>
/// <param name="Seconds">In all.</param>
public sealed record RunPhase(string Name, double Seconds);

[JsonSerializable(typeof(RunRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class RunRecordJson : JsonSerializerContext;
