using System.Text.Json;

namespace Sinter.Checkpoints.Files;

/// <summary>What a checkpoint holds: a length and a SHA-256 for each of its files, in <c>manifest.json</c>.</summary>
/// <param name="Step">The optimizer step after which it was written.</param>
/// <param name="Files">The files, by name.</param>
public sealed record Manifest(long Step, IReadOnlyDictionary<string, FileHash> Files)
{
    /// <summary>The name of the file in a checkpoint.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The version of the layout written here.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the manifest of all files in a folder.</summary>
    /// <param name="folder">The folder; it has no folders in it.</param>
    /// <param name="step">The optimizer step.</param>
    /// <param name="known">Hashes computed while files were written; other files are read.</param>
    /// <exception cref="CheckpointException">A file can't be read or the manifest not written.</exception>
    public static Manifest Write(string folder, long step, IReadOnlyDictionary<string, FileHash>? known = null)
    {
        var files = new SortedDictionary<string, FileHash>(StringComparer.Ordinal);
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder))
            {
                string name = Path.GetFileName(path);
                if (name != FileName)
                    files[name] = known is not null && known.TryGetValue(name, out FileHash hash) ? hash : FileHash.Of(path);
            }
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, "reading the files for the manifest", folder);
        }
        JsonFile.Write(Path.Combine(folder, FileName), json => Write(json, step, files));
        return new Manifest(step, files);
    }

    /// <summary>Reads the manifest of a folder, without looking at the files it names.</summary>
    /// <exception cref="CheckpointException">There is none, or it is damaged.</exception>
    public static Manifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        using JsonDocument document = JsonFile.Read(path);
        var fields = new JsonFields(path, document.RootElement);
        SchemaVersions.Check(fields, SchemaVersion);
        var files = new Dictionary<string, FileHash>(StringComparer.Ordinal);
        foreach (JsonFields file in fields.Objects("files"))
        {
            string name = file.Text("name"), hash = file.Text("sha256");
            if (name is "" or "." or ".." || name.AsSpan().IndexOfAny("/\\:\0") >= 0)
                throw file.Wrong("name", $"{Quoted.Name(name)} is not the name of a file in the folder");
            if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower))
                throw file.Wrong("sha256", "64 hexadecimal digits were expected");
            if (!files.TryAdd(name, new FileHash(file.Long("bytes"), hash)))
                throw file.Wrong("name", $"{Quoted.Name(name)} appears twice");
        }
        return new Manifest(fields.Long("step"), files);
    }

    /// <summary>Reads the manifest of a folder and compares every file it names.</summary>
    /// <exception cref="CheckpointException">A file is missing, has another length or another hash; the message names it and both hashes.</exception>
    public static Manifest Verify(string folder)
    {
        Manifest manifest = Read(folder);
        foreach ((string name, FileHash expected) in manifest.Files)
        {
            string path = Path.Combine(folder, name);
            try
            {
                long length = new FileInfo(path).Length;
                if (length != expected.Bytes)
                    throw Damaged(path, $"it has {length} bytes, and {FileName} says {expected.Bytes}");
                FileHash found = FileHash.Of(path);
                if (found != expected)
                    throw Damaged(path, $"its SHA-256 is {found.Sha256}, and {FileName} says {expected.Sha256}");
            }
            catch (Exception error) when (FileErrors.IsFileError(error))
            {
                throw FileErrors.Explain(error, "verifying", path);
            }
        }
        return manifest;
    }

    private static CheckpointException Damaged(string path, string what) =>
        new($"{path}: damaged: {what}. Restore the file from a copy, or use another checkpoint.");

    private static void Write(Utf8JsonWriter json, long step, IReadOnlyDictionary<string, FileHash> files)
    {
        json.WriteNumber("schema_version", SchemaVersion);
        json.WriteNumber("step", step);
        json.WriteStartArray("files");
        foreach ((string name, FileHash hash) in files)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("bytes", hash.Bytes);
            json.WriteString("sha256", hash.Sha256);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
