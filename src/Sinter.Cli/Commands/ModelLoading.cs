using System.CommandLine;
using Sinter.Checkpoints;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Cli.Commands;

/// <summary>The argument DIR, and a device with the model that it names.</summary>
internal static class ModelLoading
{
    /// <summary>A run or model folder.</summary>
    public static Argument<string> Folder() => new("DIR") { Description = $"A run, a checkpoint, or a Hugging Face model folder ({string.Join(", ", Architectures.Names)})." };

    /// <summary>Where an adapter's base is.</summary>
    public static Option<string?> Base() => new("--base") { Description = "Of an adapter, the folder of its base model [default: where the adapter says].", HelpName = "DIR" };

    /// <summary>A device for it.</summary>
    public static CpuDevice Open(int threads, string precision)
    {
        if (threads is < 0 or > 4096)
            throw new Shell.UsageException($"--threads: {threads} is out of range; give 1 to 4096, or 0 for all processors.");
        return new CpuDevice(threads, precision switch
        {
            "bf16" => Precision.BFloat16,
            "auto" => Precision.Auto,
            _ => Precision.Float32,
        });
    }

    /// <summary>Refuses ids that the model does not know.</summary>
    public static void Check(IReadOnlyList<int> tokens, ModelFolder folder)
    {
        int vocabulary = folder.Model.Config.VocabSize;
        foreach (int token in tokens)
            if (token >= vocabulary)
                throw new SinterException($"--tokens: {token} is no token of {folder.Path}; its vocabulary has the ids 0 to {vocabulary - 1}.");
    }
}
