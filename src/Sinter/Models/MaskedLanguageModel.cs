using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>An encoder with a language-model head: tokens in, the logits of the tokens that stood at each position (Devlin et al., 2019, section 3.1).</summary>
public sealed class MaskedLanguageModel : ILogitsModel
{
    private readonly Transformer _backbone;
    private readonly MaskedHead _head;

    internal MaskedLanguageModel(ModelConfig config, ParameterSet parameters, ModelParts parts, Architecture architecture)
    {
        _backbone = new Transformer(config, parameters.Device, parts);
        _head = architecture.MaskedHead(config, parameters, _backbone.EmbeddingTable);
        Parameters = [.. parameters.All.Select(p => p.Value.Equals(_head.Decoder) ? p with { IsHead = true } : p)];
    }

    /// <inheritdoc/>
    public ModelConfig Config => _backbone.Config;

    /// <inheritdoc/>
    public Device Device => _backbone.Device;

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>The loss of the positions that have a target; the head is computed for these alone.</summary>
    /// <inheritdoc/>
    public CrossEntropyResult Loss(in SequenceBatch batch, in CrossEntropyOptions options, in ForwardContext context)
    {
        var (rows, targets) = Chosen(batch.Targets, options.IgnoredTarget);
        var hidden = _backbone.Hidden(batch.Tokens, context with { Segments = batch.Segments, TokenTypes = batch.Types });
        return _head.Loss(Op.GatherRows(hidden, rows), targets, options, context);
    }

    /// <summary>The logits of every position, [B, T, V].</summary>
    public Tensor Logits(Tensor tokens, in ForwardContext context) => _head.Logits(_backbone.Hidden(tokens, context), context);

    /// <inheritdoc/>
    public Tensor Logits(in SequenceBatch batch, in ForwardContext context) => Logits(batch.Tokens, context with { Segments = batch.Segments, TokenTypes = batch.Types });

    /// <summary>The positions that have a target and their targets; one position without where there is none.</summary>
    private (Tensor Rows, Tensor Targets) Chosen(Tensor targets, int ignored)
    {
        ReadOnlySpan<int> all = targets.Int32Span;
        int count = all.Length - all.Count(ignored);
        Tensor rows = Device.Zeros(new Shape(Math.Max(1, count)), DType.Int32), own = Device.Empty(rows.Shape, DType.Int32);
        own.Int32Span.Fill(ignored);
        for (int i = 0, next = 0; i < all.Length; i++)
        {
            if (all[i] == ignored) continue;
            rows.Int32Span[next] = i;
            own.Int32Span[next++] = all[i];
        }
        return (rows, own);
    }
}
