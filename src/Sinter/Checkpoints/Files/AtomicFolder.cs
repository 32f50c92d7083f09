namespace Sinter.Checkpoints.Files;

/// <summary>Folders that are there whole or not at all, whatever instant the process or the machine stops at.</summary>
/// <remarks>A folder is written beside its place under a temporary name and renamed when all of it is on the disk. One that is replaced is first
/// set aside under a name that <see cref="Recover"/> knows: two renames can't be one on every system.</remarks>
public static class AtomicFolder
{
    /// <summary>Writes a folder.</summary>
    /// <param name="finalPath">The folder's place; what is there is replaced once the new one is complete.</param>
    /// <param name="fill">Writes the files into the temporary folder whose path it gets.</param>
    /// <exception cref="CheckpointException">The folder can't be written (no permission, full disk). What was there before is unchanged
    /// and the temporary folder is gone.</exception>
    public static void Write(string finalPath, Action<string> fill) => Write(finalPath, fill, _ => { });

    /// <summary>As <see cref="Write(string, Action{string})"/>; <paramref name="reached"/> hears every stage, for tests.</summary>
    internal static void Write(string finalPath, Action<string> fill, Action<string> reached)
    {
        string final = Path.TrimEndingDirectorySeparator(Path.GetFullPath(finalPath));
        string temporary = TemporaryName.Sibling(final, TemporaryName.Writing);
        try
        {
            Directory.CreateDirectory(temporary);
            reached("created");
            fill(temporary);
            reached("filled");
            DiskSync.Tree(temporary);
            reached("flushed");
            Place(temporary, final, reached);
        }
        catch (Exception error)
        {
            TemporaryName.TryDelete(temporary);
            if (FileErrors.IsFileError(error))
                throw FileErrors.Explain(error, "writing", final);
            throw;
        }
    }

    /// <summary>Deletes a folder so that no half of it is ever seen under its name.</summary>
    /// <exception cref="CheckpointException">The folder can't be deleted.</exception>
    public static void Delete(string path)
    {
        try
        {
            string going = TemporaryName.Sibling(path, TemporaryName.Removing);
            Directory.Move(path, going);
            Directory.Delete(going, recursive: true);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, "deleting", path);
        }
    }

    /// <summary>Repairs what a killed process left in <paramref name="parent"/>: a folder set aside whose successor never came is put back,
    /// other leftovers are deleted. Only names of the form that <see cref="Write(string, Action{string})"/> makes are touched.</summary>
    /// <remarks>Call it only when no other process can be writing there: under a run's lock.</remarks>
    /// <returns>The final paths that were put back.</returns>
    /// <exception cref="CheckpointException">The folder can't be read, or a name can't be put back.</exception>
    public static IReadOnlyList<string> Recover(string parent)
    {
        var restored = new List<string>();
        try
        {
            if (!Directory.Exists(parent))
                return restored;
            foreach (string path in Directory.GetFileSystemEntries(Path.GetFullPath(parent), ".*"))
            {
                if (TemporaryName.Parse(path) is not var (final, role))
                    continue;
                if (role == TemporaryName.Replaced && !Path.Exists(final))
                {
                    Directory.Move(path, final);
                    restored.Add(final);
                }
                else
                {
                    TemporaryName.TryDelete(path);
                }
            }
            if (restored.Count > 0)
                DiskSync.Folder(parent);
            return restored;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, "cleaning up", parent);
        }
    }

    private static void Place(string temporary, string final, Action<string> reached)
    {
        string parent = Path.GetDirectoryName(final)!;
        string? aside = null;
        if (Path.Exists(final))
        {
            aside = TemporaryName.Sibling(final, TemporaryName.Replaced);
            Directory.Move(final, aside);
        }
        try
        {
            reached("set aside");
            Directory.Move(temporary, final);
        }
        catch when (aside is not null)
        {
            Directory.Move(aside, final);
            throw;
        }
        reached("renamed");
        DiskSync.Folder(parent);
        if (aside is not null)
            TemporaryName.TryDelete(aside);
        reached("done");
    }
}
