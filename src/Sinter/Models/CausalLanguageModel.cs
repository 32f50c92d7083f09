using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>A decoder with a language-model head: tokens in, the next token's logits out.</summary>
public sealed class CausalLanguageModel : ILogitsModel
{
    private readonly Transformer _backbone;
    private readonly Tensor _head;

    internal CausalLanguageModel(ModelConfig config, ParameterSet parameters, ModelParts parts)
    {
        _backbone = new Transformer(config, parameters.Device, parts);
        _head = AddHead(config, parameters) is { IsNone: false } own ? own : _backbone.EmbeddingTable;
        Parameters = [.. parameters.All.Select(p => p.Value.Equals(_head) ? p with { IsHead = true } : p)];
    }

    /// <inheritdoc/>
    public ModelConfig Config => _backbone.Config;

    /// <inheritdoc/>
    public Device Device => _backbone.Device;

    /// <summary>What is trained, by the names of the model's files; a tied head is the embedding.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The number of trained elements.</summary>
    public long ParameterCount => Parameters.Sum(p => p.Value.Count);

    /// <inheritdoc/>
    public CrossEntropyResult Loss(in SequenceBatch batch, in CrossEntropyOptions options, in ForwardContext context) =>
        Op.LinearCrossEntropy(Hidden(batch.Tokens, context with { Segments = batch.Segments }), _head, batch.Targets,
            options with { SoftCap = (float)Config.LogitSoftCap });

    /// <summary>The summed cross entropy of <paramref name="targets"/> ÷ <paramref name="targetCount"/>.</summary>
    /// <param name="tokens">int32 [B, T].</param>
    /// <param name="targets">int32 [B, T]: the token after each position, or −100 where there is none.</param>
    /// <param name="targetCount">Targets of the whole global batch; 0 is those at hand.</param>
    /// <param name="context">Training or not, step and sample.</param>
    public CrossEntropyResult Loss(Tensor tokens, Tensor targets, long targetCount, in ForwardContext context) =>
        Loss(new SequenceBatch(tokens, targets), new CrossEntropyOptions { TargetCount = targetCount }, context);

    /// <summary>The logits of every position, [B, T, V].</summary>
    public Tensor Logits(Tensor tokens, in ForwardContext context) => Head(Hidden(tokens, context));

    /// <inheritdoc/>
    public Tensor Logits(in SequenceBatch batch, in ForwardContext context) => Logits(batch.Tokens, context with { Segments = batch.Segments });

    /// <summary>The logits after the last position alone, [B, V].</summary>
    public Tensor LastLogits(Tensor tokens, in ForwardContext context)
    {
        var hidden = Hidden(tokens, context);
        long batch = hidden.Shape[0], length = hidden.Shape[1], width = hidden.Shape[2];
        if (batch != 1) throw new ArgumentException($"[last_logits] takes one sequence and got {batch}.");
        return Head(hidden.Reshape(length, width).Slice(length - 1, 1));
    }

    /// <inheritdoc cref="Transformer.Hidden"/>
    public Tensor Hidden(Tensor tokens, in ForwardContext context) => _backbone.Hidden(tokens, context);

    /// <summary>Room for the keys and values of one or more sequences.</summary>
    public KeyValueCache CreateCache(int batch = 1, int? capacity = null) =>
        new(Device, Config.NumLayers, batch, Math.Min(capacity ?? Config.ContextLength, Config.LongestText), Config.NumKvHeads * Config.HeadSize);

    private Tensor Head(Tensor hidden)
    {
        var logits = Op.Linear(hidden, _head);
        return Config.LogitSoftCap > 0 ? Op.SoftCap(logits, (float)Config.LogitSoftCap) : logits;
    }

    /// <summary>The head's own matrix, [V, C]; none where the embedding serves.</summary>
    internal static Tensor AddHead(ModelConfig config, ParameterSet parameters) =>
        config.TieEmbeddings ? default : parameters.Add(new ParameterSpec("lm_head.weight", new Shape(config.VocabSize, config.HiddenSize)));
}
