using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Text;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>Writes a model as a folder that <c>transformers</c> opens.</summary>
public static class HuggingFaceFolder
{
    /// <summary>Writes <c>config.json</c>, <c>generation_config.json</c>, the weights and, with a tokenizer, its two files.</summary>
    /// <param name="folder">The folder, which exists: usually the temporary one of <see cref="AtomicFolder.Write(string, Action{string})"/>.</param>
    /// <param name="config">The model.</param>
    /// <param name="weights">The weights of <see cref="ModelWeights.Plan"/>, in any order; zero biases are added where <c>transformers</c> expects
    /// them.</param>
    /// <param name="tokenizer">The content of <c>tokenizer.json</c>; null leaves the tokenizer out.</param>
    /// <param name="saving">Format, element type and shards of the weights; null is float32 in <c>model.safetensors</c>.</param>
    /// <param name="special">The tokenizer's special tokens; null has them found by their usual names.</param>
    /// <returns>Length and hash of each file written, by name, for a <see cref="Manifest"/>.</returns>
    /// <exception cref="CheckpointException">A file can't be written, or the weights are not those of the configuration.</exception>
    public static IReadOnlyDictionary<string, FileHash> Write(
        string folder, ModelConfig config, IEnumerable<SafetensorsTensor> weights, ReadOnlyMemory<byte>? tokenizer = null, WeightSaving? saving = null,
        SpecialTokens? special = null)
    {
        saving ??= WeightSaving.Default;
        List<SafetensorsTensor> tensors = [.. weights];
        WeightCheck.Compare(folder, ModelWeights.Plan(config), tensors.Select(t => new WeightSpec(t.Name, [.. t.Shape])));
        tensors.AddRange(ModelWeights.PlanFile(config).Where(w => w.AlwaysZero).Select(w => SafetensorsTensor.Zeros(w.Name, DType.Float32, w.Shape)));
        tensors = tensors.ConvertAll(t => t.As(saving.DType));
        var files = new Dictionary<string, FileHash>
        {
            [HuggingFaceConfig.FileName] = HuggingFaceConfig.Write(Path.Combine(folder, HuggingFaceConfig.FileName), config, saving.DType),
            [HuggingFaceConfig.GenerationFileName] =
                HuggingFaceConfig.WriteGeneration(Path.Combine(folder, HuggingFaceConfig.GenerationFileName), config),
        };
        foreach ((string name, FileHash hash) in WeightsWriter.Write(folder, saving.Format, tensors, saving.MaxShardBytes, saving.Progress))
            files[name] = hash;
        if (tokenizer is { } content)
        {
            foreach ((string name, FileHash hash) in TokenizerFiles.Write(folder, content, config, special))
                files[name] = hash;
        }
        return files;
    }
}
