using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Cli.Shell;
using Sinter.Monitoring;

namespace Sinter.Cli.Inspection;

/// <summary>A checkpoint, every file compared with its manifest.</summary>
internal sealed class CheckpointInspection : IInspection
{
    private readonly string _path;
    private readonly Manifest _manifest;
    private readonly ModelInspection _model;

    public CheckpointInspection(string path)
    {
        (_path, _manifest) = (path, Manifest.Verify(path));
        _model = new ModelInspection(path);
    }

    public void Write(TextWriter output)
    {
        long bytes = _manifest.Files.Sum(f => f.Value.Bytes);
        _model.AddTo(new Fields().Add("folder", _path).Add("kind", "checkpoint").Add("step", HumanFormat.Count(_manifest.Step))
            .Add("files", $"{_manifest.Files.Count}, {HumanFormat.Bytes(bytes)}; all match the manifest (SHA-256)")).Write(output);
        output.WriteLine();
        var list = new Fields();
        foreach (var (name, file) in _manifest.Files) list.Add(name, HumanFormat.Bytes(file.Bytes));
        list.Write(output);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("kind", "checkpoint");
        json.WriteString("path", Path.GetFullPath(_path));
        json.WriteNumber("step", _manifest.Step);
        json.WriteBoolean("verified", true);
        _model.WriteMembers(json);
        json.WriteStartArray("files");
        foreach (var (name, file) in _manifest.Files)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("sha256", file.Sha256);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
