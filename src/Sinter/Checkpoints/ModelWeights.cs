using Sinter.Models;

namespace Sinter.Checkpoints;

/// <summary>The weights that a configuration implies.</summary>
/// <remarks>Shape legend: V vocabulary, P positions, C hidden, F feed-forward, H·D heads times their size, K·D the same of keys and values.
/// gpt2's matrices are stored [in, out], llama's [out, in].</remarks>
public static class ModelWeights
{
    /// <summary>The weights of the model, in the order in which data passes them, without the zeros that only a file holds.</summary>
    /// <exception cref="CheckpointException">The architecture is unknown.</exception>
    public static IReadOnlyList<WeightSpec> Plan(ModelConfig config) => [.. PlanFile(config).Where(w => !w.AlwaysZero)];

    /// <summary>The weights as <c>transformers</c> expects them in a file: <see cref="Plan"/>, and zero biases for a gpt2 model without
    /// biases.</summary>
    /// <exception cref="CheckpointException">The architecture is unknown.</exception>
    public static IReadOnlyList<WeightSpec> PlanFile(ModelConfig config) => config.Architecture switch
    {
        "gpt2" => [.. Gpt2(config)],
        "llama" => [.. Llama(config)],
        _ => throw new CheckpointException($"The architecture {Quoted.Name(config.Architecture)} is not supported; gpt2 and llama are."),
    };

    private static IEnumerable<WeightSpec> Gpt2(ModelConfig config)
    {
        long hidden = config.HiddenSize, inner = config.IntermediateSize;
        WeightSpec Bias(string name, long size) => new(name, [size], AlwaysZero: !config.Bias);

        yield return new("transformer.wte.weight", [config.VocabSize, hidden]);
        yield return new("transformer.wpe.weight", [config.ContextLength, hidden]);
        for (int i = 0; i < config.NumLayers; i++)
        {
            string block = $"transformer.h.{i}.";
            yield return new(block + "ln_1.weight", [hidden]);
            yield return Bias(block + "ln_1.bias", hidden);
            yield return new(block + "attn.c_attn.weight", [hidden, 3 * hidden]);
            yield return Bias(block + "attn.c_attn.bias", 3 * hidden);
            yield return new(block + "attn.c_proj.weight", [hidden, hidden]);
            yield return Bias(block + "attn.c_proj.bias", hidden);
            yield return new(block + "ln_2.weight", [hidden]);
            yield return Bias(block + "ln_2.bias", hidden);
            yield return new(block + "mlp.c_fc.weight", [hidden, inner]);
            yield return Bias(block + "mlp.c_fc.bias", inner);
            yield return new(block + "mlp.c_proj.weight", [inner, hidden]);
            yield return Bias(block + "mlp.c_proj.bias", hidden);
        }
        yield return new("transformer.ln_f.weight", [hidden]);
        yield return Bias("transformer.ln_f.bias", hidden);
        if (!config.TieEmbeddings)
            yield return new("lm_head.weight", [config.VocabSize, hidden]);
    }

    private static IEnumerable<WeightSpec> Llama(ModelConfig config)
    {
        long hidden = config.HiddenSize, inner = config.IntermediateSize;
        bool feedForwardBias = config.MlpBias ?? config.Bias;
        long queries = (long)config.NumHeads * config.HeadSize, keys = (long)config.NumKvHeads * config.HeadSize;
        IEnumerable<WeightSpec> Linear(string name, long output, long input, bool bias)
        {
            yield return new(name + ".weight", [output, input]);
            if (bias)
                yield return new(name + ".bias", [output]);
        }

        yield return new("model.embed_tokens.weight", [config.VocabSize, hidden]);
        for (int i = 0; i < config.NumLayers; i++)
        {
            string block = $"model.layers.{i}.";
            yield return new(block + "input_layernorm.weight", [hidden]);
            IEnumerable<WeightSpec> attention =
            [
                .. Linear(block + "self_attn.q_proj", queries, hidden, config.Bias), .. Linear(block + "self_attn.k_proj", keys, hidden, config.Bias),
                .. Linear(block + "self_attn.v_proj", keys, hidden, config.Bias), .. Linear(block + "self_attn.o_proj", hidden, queries, config.Bias),
            ];
            foreach (WeightSpec weight in attention)
                yield return weight;
            yield return new(block + "post_attention_layernorm.weight", [hidden]);
            IEnumerable<WeightSpec> feedForward =
            [
                .. Linear(block + "mlp.gate_proj", inner, hidden, feedForwardBias), .. Linear(block + "mlp.up_proj", inner, hidden, feedForwardBias),
                .. Linear(block + "mlp.down_proj", hidden, inner, feedForwardBias),
            ];
            foreach (WeightSpec weight in feedForward)
                yield return weight;
        }
        yield return new("model.norm.weight", [hidden]);
        if (!config.TieEmbeddings)
            yield return new("lm_head.weight", [config.VocabSize, hidden]);
    }
}
