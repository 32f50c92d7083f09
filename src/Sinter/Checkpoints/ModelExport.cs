using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.Weights;

namespace Sinter.Checkpoints;

/// <summary>Writes a model as a folder for other programs, and reports success only after the folder was read back and gave the same
/// logits.</summary>
public static class ModelExport
{
    // What a model folder says beside its weights and its config, which are written anew.
    private static readonly string[] s_kept = [".json", ".txt", ".model", ".jinja", ".md"];
    private static readonly string[] s_own = [HuggingFaceConfig.FileName, Manifest.FileName, TrainerState.FileName];

    /// <summary>Writes a model folder.</summary>
    /// <param name="model">The model with the folder that it comes from: its tokenizer, card and other small files are copied as they are.</param>
    /// <param name="target">The new folder.</param>
    /// <param name="saving">Format, element type and shards.</param>
    /// <returns>What the check found.</returns>
    /// <exception cref="CheckpointException">The folder holds something already, can't be written, or is not the model when it is read back.</exception>
    public static ExportResult Write(ModelFolder model, string target, WeightSaving saving)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(saving);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new CheckpointException($"{target}: there is something already. Name a new folder, or remove this one first.");
        ExportResult? result = null;
        AtomicFolder.Write(target, folder =>
        {
            ModelFolder.Save(folder, model.Model, null, saving: saving);
            // What an adapter's folder lacks lies in its base's.
            string[] homes = [ModelFolder.HomeOf(model.Path, TokenizerFiles.FileName, model.Base), model.Path];
            foreach (string file in homes.Distinct().SelectMany(Directory.EnumerateFiles).Where(IsKept))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
            result = ExportCheck.Compare(folder, model.Model, saving.DType);
        });
        return result!;
    }

    private static bool IsKept(string path)
    {
        string name = Path.GetFileName(path);
        return s_kept.Contains(Path.GetExtension(name)) && !s_own.Contains(name) && !name.EndsWith(".index.json", StringComparison.Ordinal)
            && !name.StartsWith("adapter_", StringComparison.Ordinal);
    }
}
