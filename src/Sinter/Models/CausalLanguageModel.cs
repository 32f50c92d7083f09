using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>A decoder-only Transformer: tokens in, the next token's logits out. An architecture is a builder of its parts, see <see cref="Architectures"/>.</summary>
public sealed class CausalLanguageModel
{
    private readonly Tensor _embedding, _positions, _head;
    private readonly Dropout? _embeddingDropout;
    private readonly Segment<ForwardContext>[] _blocks;
    private readonly Norm _finalNorm;

    internal CausalLanguageModel(ModelConfig config, ParameterSet parameters, ModelParts parts)
    {
        (Config, Device) = (config, parameters.Device);
        (_embedding, _positions, _head) = (parts.Embedding, parts.Positions, parts.Head.IsNone ? parts.Embedding : parts.Head);
        (_embeddingDropout, _blocks, _finalNorm) = (parts.EmbeddingDropout, [.. parts.Blocks.Select(b => (Segment<ForwardContext>)b.Forward)], parts.FinalNorm);
        Parameters = [.. parameters.All.Select(p => p.Value.Equals(_head) ? p with { IsHead = true } : p)];
    }

    /// <summary>What the model is.</summary>
    public ModelConfig Config { get; }

    /// <summary>Where it lives.</summary>
    public Device Device { get; }

    /// <summary>What is trained, by the names of the model's files; a tied head is the embedding.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The number of trained elements.</summary>
    public long ParameterCount => Parameters.Sum(p => p.Value.Count);

    /// <summary>The summed cross entropy of <paramref name="targets"/> ÷ <paramref name="targetCount"/>.</summary>
    /// <param name="tokens">int32 [B, T].</param>
    /// <param name="targets">int32 [B, T]: the token after each position, or −100 where there is none.</param>
    /// <param name="targetCount">Targets of the whole global batch; 0 is those at hand.</param>
    /// <param name="context">Training or not, step and sample.</param>
    public CrossEntropyResult Loss(Tensor tokens, Tensor targets, long targetCount, in ForwardContext context) =>
        Loss(tokens, targets, new CrossEntropyOptions { TargetCount = targetCount }, context);

    /// <summary>The summed loss of <paramref name="targets"/> ÷ the target count.</summary>
    /// <param name="tokens">int32 [B, T].</param>
    /// <param name="targets">int32 [B, T]: the token after each position, or one to ignore.</param>
    /// <param name="options">Target count, label smoothing, z-loss.</param>
    /// <param name="context">Training or not, step and sample.</param>
    public CrossEntropyResult Loss(Tensor tokens, Tensor targets, in CrossEntropyOptions options, in ForwardContext context) =>
        Op.LinearCrossEntropy(Hidden(tokens, context), _head, targets, options);

    /// <summary>The logits of every position, [B, T, V].</summary>
    public Tensor Logits(Tensor tokens, in ForwardContext context) => Op.Linear(Hidden(tokens, context), _head);

    /// <summary>The logits after the last position alone, [B, V].</summary>
    public Tensor LastLogits(Tensor tokens, in ForwardContext context)
    {
        var hidden = Hidden(tokens, context);
        long batch = hidden.Shape[0], length = hidden.Shape[1], width = hidden.Shape[2];
        if (batch != 1) throw new ArgumentException($"[last_logits] takes one sequence and got {batch}.");
        return Op.Linear(hidden.Reshape(length, width).Slice(length - 1, 1), _head);
    }

    /// <summary>Hidden states after the last norm, [B, T, C].</summary>
    /// <exception cref="ArgumentException">More positions than the context, or a token outside the vocabulary.</exception>
    public Tensor Hidden(Tensor tokens, in ForwardContext context)
    {
        if (tokens.Shape.Rank != 2) throw new ArgumentException($"[model] tokens have the shape [batch, length], not {tokens.Shape}.");
        long length = tokens.Shape[1];
        if (context.FirstPosition + length > Config.ContextLength)
            throw new ArgumentException($"[model] {context.FirstPosition + length} positions are more than the model's context of {Config.ContextLength}.");
        var x = Op.Embedding(tokens, _embedding, _positions, context.FirstPosition);
        if (_embeddingDropout is not null) x = _embeddingDropout.Forward(x, context);
        x = context.Observed(x);
        foreach (var block in _blocks) x = Forward(block, x, context);
        context.Cache?.Advance((int)length);
        return _finalNorm.Forward(x);
    }

    /// <summary>Room for the keys and values of one or more sequences.</summary>
    public KeyValueCache CreateCache(int batch = 1, int? capacity = null) =>
        new(Device, Config.NumLayers, batch, Math.Min(capacity ?? Config.ContextLength, Config.ContextLength), Config.NumKvHeads * Config.HeadSize);

    /// <summary>Without a tape nothing inside a block is needed after it.</summary>
    private Tensor Forward(Segment<ForwardContext> block, Tensor x, in ForwardContext context)
    {
        if (Device.Tape.IsRecording) return context.CheckpointActivations ? Device.Tape.Checkpoint(block, x, context) : block(x, context);
        using var scope = Device.Scope("block");
        return scope.Keep(block(x, context));
    }
}
