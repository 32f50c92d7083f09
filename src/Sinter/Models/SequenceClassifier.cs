using Sinter.Layers;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Models;

/// <summary>A model that judges whole texts: a backbone, and a head that reads one position of each row.</summary>
/// <remarks>That position is the first one in encoders and the last real one in decoders; a label in <see cref="SequenceBatch.Targets"/> says it where there
/// is one.</remarks>
public sealed class SequenceClassifier : ILogitsModel
{
    private readonly Transformer _backbone;
    private readonly ClassificationHead _head;
    private readonly bool _isCausal;

    internal SequenceClassifier(ModelConfig config, ParameterSet parameters, ModelParts parts, Architecture architecture)
    {
        _backbone = new Transformer(config, parameters.Device, parts);
        _head = architecture.ClassificationHead(config, parameters);
        _isCausal = architecture.IsCausal;
        Objective = SequenceLoss.For(config.Problem);
        Parameters = [.. parameters.All.Select(p => p.Value.Equals(_head.Output.Weight) ? p with { IsHead = true } : p)];
    }

    /// <inheritdoc/>
    public ModelConfig Config => _backbone.Config;

    /// <inheritdoc/>
    public Device Device => _backbone.Device;

    /// <inheritdoc/>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public bool HasAccuracy => Config.Problem != ProblemKind.Regression;

    /// <summary>What is minimized; that of the config's problem to begin with.</summary>
    public SequenceLoss Objective { get; set; }

    /// <summary>The loss of the batch's rows, each with its label in <see cref="SequenceBatch.Targets"/> at the position that stands for it, and its numbers in
    /// <see cref="SequenceBatch.Values"/>.</summary>
    /// <inheritdoc/>
    public CrossEntropyResult Loss(in SequenceBatch batch, in CrossEntropyOptions options, in ForwardContext context)
    {
        var rows = PooledRows(batch, options.IgnoredTarget);
        return Objective.Of(Features(batch, rows, context), _head.Output, Labels(batch, rows), batch.Values, options, context);
    }

    /// <summary>The loss where all outputs are 0, as of a model that claims nothing.</summary>
    internal CrossEntropyResult LossOfZeros(in SequenceBatch batch) =>
        Objective.OfZeros(Device, Config.LabelCount, Labels(batch, PooledRows(batch, Data.ISequences.IgnoredTarget)), batch.Values);

    /// <summary>The head's outputs for each row, [B, K].</summary>
    public Tensor Logits(in SequenceBatch batch, in ForwardContext context) =>
        _head.Output.Forward(Features(batch, PooledRows(batch, Data.ISequences.IgnoredTarget), context), context);

    private Tensor Features(in SequenceBatch batch, Tensor rows, in ForwardContext context) =>
        _head.Features(Op.GatherRows(_backbone.Hidden(batch.Tokens, context with { Segments = batch.Segments, TokenTypes = batch.Types }, DType.Float32), rows), context);

    private Tensor Labels(in SequenceBatch batch, Tensor rows)
    {
        var labels = Device.Empty(rows.Shape, DType.Int32);
        for (int b = 0; b < labels.Count; b++) labels.Int32Span[b] = batch.Targets.Int32Span[rows.Int32Span[b]];
        return labels;
    }

    /// <summary>The position of each row that stands for its text, among all positions; int32 [B].</summary>
    private Tensor PooledRows(in SequenceBatch batch, int ignored)
    {
        int count = (int)batch.Tokens.Shape[0], length = (int)batch.Tokens.Shape[1];
        var rows = Device.Empty(new Shape(count), DType.Int32);
        for (int b = 0; b < count; b++)
        {
            int at = batch.Targets.IsNone ? -1 : batch.Targets.Int32Span.Slice(b * length, length).IndexOfAnyExcept(ignored);
            rows.Int32Span[b] = b * length + (at >= 0 ? at : _isCausal ? LastReal(batch, b, length) : 0);
        }
        return rows;
    }

    /// <summary>The last position of the first segment; without segments the last that is no padding, as transformers chooses it.</summary>
    private int LastReal(in SequenceBatch batch, int row, int length)
    {
        if (!batch.Segments.IsNone)
        {
            var segments = batch.Segments.Int32Span.Slice(row * length, length);
            int end = segments.IndexOfAnyExcept(segments[0]);
            return end < 0 ? length - 1 : end - 1;
        }
        return Config.PadTokenId is { } padding ? Math.Max(0, batch.Tokens.Int32Span.Slice(row * length, length).LastIndexOfAnyExcept(padding)) : length - 1;
    }
}
