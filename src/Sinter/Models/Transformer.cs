using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Autodiff;

namespace Sinter.Models;

/// <summary>The backbone of every model: tokens in, hidden states out. An architecture is a builder of its parts, see <see cref="Architectures"/>.</summary>
public sealed class Transformer
{
    private readonly EmbeddingLayer _embedding;
    private readonly Segment<ForwardContext>[] _blocks;
    private readonly Norm? _finalNorm;

    internal Transformer(ModelConfig config, Device device, ModelParts parts)
    {
        (Config, Device, _embedding, _finalNorm) = (config, device, parts.Embedding, parts.FinalNorm);
        _blocks = [.. parts.Blocks.Select(b => (Segment<ForwardContext>)b.Forward)];
    }

    /// <summary>What the model is.</summary>
    public ModelConfig Config { get; }

    /// <summary>Where it lives.</summary>
    public Device Device { get; }

    /// <summary>The row of each token, [V, C].</summary>
    public Tensor EmbeddingTable => _embedding.Table;

    /// <summary>Hidden states after the last norm, [B, T, C].</summary>
    /// <param name="tokens">int32 [B, T].</param>
    /// <param name="context">Training or not, cache, segments.</param>
    /// <exception cref="ArgumentException">More positions than the context, or a token outside the vocabulary.</exception>
    /// <param name="type">What the last norm gives; null is what matrix products read.</param>
    public Tensor Hidden(Tensor tokens, in ForwardContext context, DType? type = null)
    {
        if (tokens.Shape.Rank != 2) throw new ArgumentException($"[model] tokens have the shape [batch, length], not {tokens.Shape}.");
        long length = tokens.Shape[1];
        if (context.FirstPosition + length > Config.LongestText)
            throw new ArgumentException($"[model] {context.FirstPosition + length} positions are more than the model's context of {Config.LongestText}.");
        if (Config.TurnsAnew(context.FirstPosition, context.FirstPosition + length))
            throw new InvalidOperationException($"[model] with {context.FirstPosition + length} positions the {context.FirstPosition} in the cache turn by other angles. "
                + "Clear the cache and read them again.");
        var x = context.Observed(_embedding.Forward(tokens, context));
        foreach (var block in _blocks) x = Forward(block, x, context);
        context.Cache?.Advance((int)length);
        return _finalNorm is null ? x : _finalNorm.Forward(x, type ?? Device.OperandType);
    }

    private Tensor Forward(Segment<ForwardContext> block, Tensor x, in ForwardContext context) =>
        context.CheckpointActivations && Device.Tape.IsRecording ? Device.Tape.Checkpoint(block, x, context) : Device.Tape.Run(block, x, context);
}
