using System.Globalization;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.State;

namespace Sinter.Checkpoints.Runs;

/// <summary>Where a training run stands, as a checkpoint remembers it beside the model: <c>trainer.json</c>, and <c>trainer.safetensors</c> for
/// tensors.</summary>
/// <param name="Step">Optimizer steps done.</param>
/// <param name="Tokens">Training tokens seen.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="InstructionSet">The processor's instructions that the kernels used; other ones round differently.</param>
/// <param name="Precision">The precision as resolved: <c>fp32</c> or <c>bf16</c>.</param>
public sealed record TrainerState(long Step, long Tokens, ulong Seed, string InstructionSet, string Precision)
{
    /// <summary>The name of the file with numbers and texts.</summary>
    public const string FileName = "trainer.json";

    /// <summary>The name of the file with tensors.</summary>
    public const string TensorsFileName = "trainer.safetensors";

    /// <summary>The version of the layout written here.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes both files.</summary>
    /// <param name="folder">The checkpoint's folder, which exists.</param>
    /// <param name="state">What optimizer, schedule, data and the others gave.</param>
    /// <returns>Length and hash of both, by file name.</returns>
    /// <exception cref="CheckpointException">A file can't be written.</exception>
    public IReadOnlyDictionary<string, FileHash> Write(string folder, StateWriter state) => new Dictionary<string, FileHash>
    {
        [TensorsFileName] = SafetensorsWriter.Write(Path.Combine(folder, TensorsFileName), state.NamedTensors.Values),
        [FileName] = JsonFile.Write(Path.Combine(folder, FileName), json =>
        {
            json.WriteNumber("schema_version", SchemaVersion);
            json.WriteNumber("step", Step);
            json.WriteNumber("tokens", Tokens);
            json.WriteString("seed", Seed.ToString(CultureInfo.InvariantCulture));
            json.WriteString("instruction_set", InstructionSet);
            json.WriteString("precision", Precision);
            json.WriteStartObject("state");
            foreach ((string name, object value) in state.Values)
                StateValue.Write(json, name, value);
            json.WriteEndObject();
        }),
    };

    /// <summary>Opens both files of a checkpoint.</summary>
    /// <returns>Where the run stands, and a reader of its state that the caller disposes.</returns>
    /// <exception cref="CheckpointException">A file is missing or damaged, or was written by a later version.</exception>
    public static (TrainerState Trainer, StateReader State) Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        using var document = JsonFile.Read(path);
        var fields = new JsonFields(path, document.RootElement);
        SchemaVersions.Check(fields, SchemaVersion);
        if (!ulong.TryParse(fields.Text("seed"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
            throw fields.Wrong("seed", "a whole number in quotes was expected");
        var trainer = new TrainerState(fields.Long("step"), fields.Long("tokens"), seed, fields.Text("instruction_set"), fields.Text("precision"));
        JsonFields state = fields.Object("state") ?? throw fields.Wrong("state", "it is missing");
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach ((string name, var value) in state.All())
            values.Add(name, StateValue.Read(value) ?? throw state.Wrong(name, "an object with one of integer, unsigned, number, "
                + "flag and text was expected"));
        return (trainer, new StateReader(path, values, SafetensorsReader.Open(Path.Combine(folder, TensorsFileName))));
    }
}
