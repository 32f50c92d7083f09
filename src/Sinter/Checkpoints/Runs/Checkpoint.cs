using System.Globalization;
using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.Runs;

/// <summary>A checkpoint of a run, by its place; its content may still be damaged.</summary>
/// <param name="Step">The optimizer step after which it was written.</param>
/// <param name="Path">The folder.</param>
public sealed record Checkpoint(long Step, string Path)
{
    private const string Prefix = "step-";

    /// <summary>The folder's name for a step: <c>step-000500</c>.</summary>
    public static string FolderName(long step) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D6}");

    /// <summary>The checkpoint at a path whose name is one of <see cref="FolderName"/>; null for any other.</summary>
    public static Checkpoint? FromPath(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step)
            && FolderName(step) == name
                ? new Checkpoint(step, path)
                : null;
    }

    /// <summary>Renames the checkpoint so that it is no longer found: a damaged one, before a resumed run goes on from an earlier one.</summary>
    /// <returns>The new path.</returns>
    /// <exception cref="CheckpointException">The folder can't be renamed.</exception>
    public string SetAside()
    {
        try
        {
            string path = Path + ".rejected";
            for (int number = 2; System.IO.Path.Exists(path); number++)
                path = $"{Path}.rejected-{number}";
            Directory.Move(Path, path);
            return path;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, "renaming", Path);
        }
    }
}
