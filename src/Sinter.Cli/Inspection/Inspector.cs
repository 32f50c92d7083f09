using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Runs;

namespace Sinter.Cli.Inspection;

/// <summary>Finds out what a path is.</summary>
internal static class Inspector
{
    /// <summary>Looks into a path.</summary>
    /// <param name="path">A file or folder.</param>
    /// <param name="all">Whether long lists are wanted whole.</param>
    /// <exception cref="SinterException">It is damaged, or nothing that is known.</exception>
    public static IInspection Open(string path, bool all)
    {
        if (File.Exists(path)) return OfFile(path, all);
        if (!Directory.Exists(path)) throw new CheckpointException($"{path}: there is no such file or folder.");
        if (IsCheckpoint(path)) return new CheckpointInspection(path);
        if (File.Exists(Path.Combine(path, HuggingFaceConfig.FileName))) return new ModelInspection(path);
        if (RunFolder.IsRun(path)) return new RunInspection(path);
        throw new CheckpointException($"{path}: this folder is no run, no checkpoint and no model "
            + "(it has neither recipe.yaml nor trainer.json nor config.json).");
    }

    // A finished model has a manifest too, and no trainer; a damaged checkpoint may have lost either.
    private static bool IsCheckpoint(string path) =>
        File.Exists(Path.Combine(path, TrainerState.FileName)) || Checkpoint.FromPath(Path.GetFullPath(path)) is not null;

    private static TensorFileInspection OfFile(string path, bool all)
    {
        if (Path.GetExtension(path) is ".yaml" or ".yml" or ".json" or ".jsonl" or ".txt" or ".md" or ".html")
            throw new CheckpointException($"{path}: `inspect` looks into safetensors and PyTorch files, runs, checkpoints and model folders. "
                + "Name the folder that holds this file.");
        return new TensorFileInspection(path, all);
    }
}
