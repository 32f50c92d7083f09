using System.Text;
using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Training;

namespace Sinter.Monitoring.Profiles;

/// <summary>Writes <c>profile.txt</c> for people and <c>profile.json</c> for programs into the run's folder, where a run was profiled.</summary>
/// <param name="runFolder">The run's folder.</param>
public sealed class ProfileFiles(string runFolder) : ITrainingListener
{
    /// <summary>The tables.</summary>
    public const string TextName = "profile.txt";

    /// <summary>The figures.</summary>
    public const string JsonName = "profile.json";

    /// <inheritdoc/>
    /// <exception cref="SinterException">A file can't be written.</exception>
    public void On(TrainingEvent e)
    {
        if (e is not Profiled profiled) return;
        DurableFile.Write(Path.Combine(runFolder, TextName), Encoding.UTF8.GetBytes(Text(profiled)));
        JsonFile.Write(Path.Combine(runFolder, JsonName), json => Write(json, profiled));
    }

    /// <summary>All tables.</summary>
    public static string Text(Profiled profiled)
    {
        ArgumentNullException.ThrowIfNull(profiled);
        var operations = profiled.Operations;
        IEnumerable<string>[] tables = [ProfileTables.Phases(profiled.Phases), ProfileTables.Parts(operations), ProfileTables.Operations(operations),
            ProfileTables.Products(operations), ProfileTables.Memory(profiled.Memory, profiled.ProcessBytes)];
        return $"Means of {HumanFormat.Count(operations.Steps)} steps.\n\n{string.Join("\n\n", tables.Select(t => string.Join('\n', t)))}\n";
    }

    private static void Write(Utf8JsonWriter json, Profiled profiled)
    {
        json.WriteNumber("schema_version", 1);
        json.WriteNumber("steps", profiled.Operations.Steps);
        json.WriteNumber("seconds", profiled.Operations.Seconds);
        json.WriteStartObject("phases");
        foreach (var phase in profiled.Phases) json.WriteNumber(phase.Phase, phase.Seconds);
        json.WriteEndObject();
        json.WriteStartArray("operations");
        foreach (var row in profiled.Operations.Rows)
        {
            json.WriteStartObject();
            json.WriteString("operation", row.Op);
            json.WriteBoolean("backward", row.IsBackward);
            json.WriteNumber("calls", row.Calls);
            json.WriteNumber("seconds", row.Seconds);
            json.WriteNumber("flop", row.Operations);
            json.WriteNumber("bytes", row.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Products(json, profiled);
        Memory(json, profiled);
    }

    private static void Products(Utf8JsonWriter json, Profiled profiled)
    {
        json.WriteStartArray("products");
        foreach (var row in profiled.Operations.Products)
        {
            json.WriteStartObject();
            json.WriteNumber("m", row.M);
            json.WriteNumber("n", row.N);
            json.WriteNumber("k", row.K);
            json.WriteBoolean("transposed_a", row.TransposedA);
            json.WriteBoolean("transposed_b", row.TransposedB);
            json.WriteNumber("calls", row.Calls);
            json.WriteNumber("seconds", row.Seconds);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Memory(Utf8JsonWriter json, Profiled profiled)
    {
        var use = profiled.Memory;
        json.WriteStartObject("memory_bytes");
        json.WriteNumber("weights", use.Weights);
        json.WriteNumber("gradients", use.Gradients);
        json.WriteNumber("states", use.States);
        json.WriteNumber("saved", use.Saved);
        json.WriteNumber("temporary", use.Temporary);
        json.WriteNumber("shared", use.Shared);
        json.WriteNumber("workspace", use.Workspace);
        json.WriteNumber("process", profiled.ProcessBytes);
        json.WriteEndObject();
    }
}
