using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The formats of model folders, one for each architecture.</summary>
internal static class ModelFormats
{
    private static readonly Dictionary<string, IModelFormat> s_all = new IModelFormat[]
    {
        new Gpt2Format(), new LlamaFormat(), new MistralFormat(), new Qwen2Format(), new Qwen3Format(), new Gemma2Format(), new Phi3Format(),
        new BertFormat("bert", "Bert"), new BertFormat("roberta", "Roberta"), new DistilBertFormat(),
    }.ToDictionary(f => f.Name);

    /// <summary>The architectures, for messages.</summary>
    public static string Names => string.Join(", ", s_all.Keys);

    /// <summary>The format of a <c>model_type</c>; null where there is none.</summary>
    public static IModelFormat? Find(string name) => s_all.GetValueOrDefault(name);

    /// <summary>The format of a model.</summary>
    /// <exception cref="CheckpointException">The architecture is unknown.</exception>
    public static IModelFormat Of(ModelConfig config) => Find(config.Architecture)
        ?? throw new CheckpointException($"The architecture {Quoted.Name(config.Architecture)} is not supported; there are: {Names}.");
}
