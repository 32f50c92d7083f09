using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.Runs;

/// <summary>The folder that a run lives in: <c>recipe.yaml</c>, <c>metrics.jsonl</c>, <c>checkpoints/step-000500/</c>, <c>model/</c>.</summary>
public sealed class RunFolder
{
    private RunFolder(string path) => Path = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));

    /// <summary>The folder, absolute.</summary>
    public string Path { get; }

    /// <summary>The recipe as resolved.</summary>
    public string RecipePath => System.IO.Path.Combine(Path, "recipe.yaml");

    /// <summary>The metrics, one JSON object per line.</summary>
    public string MetricsPath => System.IO.Path.Combine(Path, "metrics.jsonl");

    /// <summary>The folder of checkpoints.</summary>
    public string CheckpointsPath => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>The model at the end of the run.</summary>
    public string ModelPath => System.IO.Path.Combine(Path, "model");

    /// <summary>Creates the folder of a new run, <c>NAME-yyyyMMdd-HHmmss</c>; a number is added when two begin in the same second.</summary>
    /// <param name="parent">The folder of runs; it is created if need be.</param>
    /// <param name="name">The run's name, which has to be usable as a file name.</param>
    /// <param name="clock">The clock; null is the system's. The time is local.</param>
    /// <exception cref="CheckpointException">The folder can't be created, or the name can't be one of a folder.</exception>
    public static RunFolder Create(string parent, string name, TimeProvider? clock = null)
    {
        if (name.Length is 0 or > 100 || name[0] == '.' || !name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw new CheckpointException($"{Quoted.Name(name)} can't be the name of a run: "
                + "use up to 100 letters, digits, '-', '_' and '.', not beginning with '.'.");
        string first = System.IO.Path.Combine(parent, $"{name}-{(clock ?? TimeProvider.System).GetLocalNow():yyyyMMdd-HHmmss}");
        try
        {
            for (int number = 1; ; number++)
            {
                string path = number == 1 ? first : $"{first}-{number}";
                if (TryClaim(path))
                    return new RunFolder(path);
            }
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, "creating the run", first);
        }
    }

    /// <summary>Opens the folder of an existing run.</summary>
    /// <exception cref="CheckpointException">There is no such folder, or it is not that of a run.</exception>
    public static RunFolder Open(string path) => IsRun(path)
        ? new RunFolder(path)
        : throw new CheckpointException(Directory.Exists(path)
            ? $"{path}: this folder is not a run: it has neither recipe.yaml nor checkpoints. Name a folder that `sinter train` made."
            : $"{path}: there is no such folder. Check the path; runs are in ./runs unless said otherwise.");

    /// <summary>Opens the folder of a run, made now if it is not there.</summary>
    /// <exception cref="CheckpointException">The folder can't be created.</exception>
    public static RunFolder OpenOrCreate(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return new RunFolder(path);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, "creating the run", path);
        }
    }

    /// <summary>Whether a path is the folder of a run.</summary>
    public static bool IsRun(string path)
    {
        var run = new RunFolder(path);
        return File.Exists(run.RecipePath) || Directory.Exists(run.CheckpointsPath)
            || File.Exists(System.IO.Path.Combine(run.Path, RunLock.FileName));
    }

    /// <summary>Takes the run's lock, then repairs what a killed process left unfinished.</summary>
    /// <exception cref="CheckpointException">Another process is writing to the run, or the folder can't be written.</exception>
    public RunLock Lock(ILogger? logger = null)
    {
        RunLock held = RunLock.Take(Path);
        try
        {
            foreach (string restored in AtomicFolder.Recover(Path).Concat(AtomicFolder.Recover(CheckpointsPath)))
                (logger ?? NullLogger.Instance).LogWarning("{Path}: put back; a process was stopped while it replaced it.", restored);
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Deletes the folder of a run that came to nothing, if it holds no more than the lock, which is not held.</summary>
    internal void Discard()
    {
        try
        {
            if (Directory.EnumerateFileSystemEntries(Path).Any(p => System.IO.Path.GetFileName(p) != RunLock.FileName)) return;
            File.Delete(System.IO.Path.Combine(Path, RunLock.FileName));
            Directory.Delete(Path);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            // What ended the run is the error to tell; an empty folder does no harm.
        }
    }

    /// <summary>The checkpoints, oldest first; they are not verified.</summary>
    /// <exception cref="CheckpointException">The folder can't be read.</exception>
    public IReadOnlyList<Checkpoint> Checkpoints()
    {
        try
        {
            return Directory.Exists(CheckpointsPath)
                ? [.. Directory.GetDirectories(CheckpointsPath).Select(Checkpoint.FromPath).OfType<Checkpoint>().OrderBy(c => c.Step)]
                : [];
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, "listing the checkpoints", CheckpointsPath);
        }
    }

    /// <summary>Finds the newest checkpoint whose files all match its manifest; newer ones that do not are logged as warnings and returned.</summary>
    /// <exception cref="CheckpointException">The folder can't be read.</exception>
    public CheckpointSearch NewestGood(ILogger? logger = null)
    {
        var rejected = new List<RejectedCheckpoint>();
        foreach (Checkpoint checkpoint in Checkpoints().Reverse())
        {
            try
            {
                Manifest manifest = Manifest.Verify(checkpoint.Path);
                if (manifest.Step != checkpoint.Step)
                    throw new CheckpointException($"{checkpoint.Path}: its manifest is of step {manifest.Step}. "
                        + "It was renamed or mixed with another.");
                return new CheckpointSearch(checkpoint, rejected);
            }
            catch (CheckpointException error)
            {
                (logger ?? NullLogger.Instance).LogWarning("Checkpoint of step {Step} is not usable, trying the one before. {Error}",
                    checkpoint.Step, error.Message);
                rejected.Add(new RejectedCheckpoint(checkpoint, error));
            }
        }
        return new CheckpointSearch(null, rejected);
    }

    /// <summary>Writes a checkpoint whole or not at all, with its manifest.</summary>
    /// <param name="step">The optimizer step.</param>
    /// <param name="fill">Writes the files into the folder it gets and returns the hashes it knows; other files are hashed by reading them.</param>
    /// <exception cref="CheckpointException">The checkpoint can't be written; earlier ones are unchanged.</exception>
    public Checkpoint Save(long step, Func<string, IReadOnlyDictionary<string, FileHash>> fill)
    {
        string path = System.IO.Path.Combine(CheckpointsPath, Checkpoint.FolderName(step));
        AtomicFolder.Write(path, folder => Manifest.Write(folder, step, fill(folder)));
        return new Checkpoint(step, path);
    }

    /// <summary>Deletes all checkpoints but the newest, and the best one.</summary>
    /// <param name="keep">How many of the newest stay, at least 1.</param>
    /// <param name="best">The step of one that stays however old it is; null is none.</param>
    /// <exception cref="CheckpointException">One can't be deleted.</exception>
    public void Prune(int keep, long? best = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        foreach (Checkpoint checkpoint in Checkpoints().SkipLast(keep).Where(c => c.Step != best))
            AtomicFolder.Delete(checkpoint.Path);
    }

    // Creating a folder does not say whether it was there; creating the lock's file does.
    private static bool TryClaim(string path)
    {
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            return false;
        Directory.CreateDirectory(path);
        string file = System.IO.Path.Combine(path, RunLock.FileName);
        try
        {
            using var claim = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            return true;
        }
        catch (IOException) when (File.Exists(file))
        {
            return false;
        }
    }
}
