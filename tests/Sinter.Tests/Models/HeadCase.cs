using Sinter.Checkpoints;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Tests.Models;

/// <summary>A folder of References/models that heads.py wrote: the model, and its batch as this program has it.</summary>
internal sealed class HeadCase
{
    private readonly int[]? _mask;
    private readonly int[] _targets;
    private readonly int _rows, _length;

    public HeadCase(CpuDevice device, string name)
    {
        Reference = Reference.Open(name);
        Model = (ILogitsModel)ModelFolder.Load(Reference.Folder(name), device).Model;
        var tokens = Reference.Int32(device, "input_ids");
        (_rows, _length) = ((int)tokens.Shape[0], (int)tokens.Shape[1]);
        _mask = Reference.Has("attention_mask") ? Reference.Int32("attention_mask") : null;
        _targets = Reference.Has("targets") ? Reference.Int32("targets") : Labels();
        Batch = new SequenceBatch(tokens, device.From(_targets, _rows, _length))
        {
            // Padding is a segment of its own.
            Segments = _mask is null ? default : device.From([.. _mask.Select(m => 1 - m)], _rows, _length),
            Types = Reference.Has("token_types") ? Reference.Int32(device, "token_types") : default,
            Values = Reference.Has("values") ? device.From(Reference.Float32("values"), _rows, Model.Config.Labels!.Count) : default,
        };
        if (name != "distilbert-weighted") return;
        ((SequenceClassifier)Model).Objective = new LabelLoss([0.5f, 1, 2]);
        Options = Options with { LabelSmoothing = 0.1f };
    }

    public Reference Reference { get; }

    public ILogitsModel Model { get; }

    public SequenceBatch Batch { get; }

    public ForwardContext Context { get; }

    public CrossEntropyOptions Options { get; } = new();

    /// <summary>Rows of the batch.</summary>
    public SequenceBatch Rows(int start, int count) => new(Batch.Tokens.Slice(start, count), Batch.Targets.Slice(start, count))
    {
        Segments = Batch.Segments.Slice(start, count),
        Types = Batch.Types.IsNone ? default : Batch.Types.Slice(start, count),
        Values = Batch.Values.IsNone ? default : Batch.Values.Slice(start, count),
    };

    /// <summary>The logits that mean something: of a language model those of real positions.</summary>
    public float[] Real(float[] logits)
    {
        if (Model is SequenceClassifier || _mask is null) return logits;
        int vocabulary = logits.Length / _mask.Length;
        return [.. logits.Where((_, i) => _mask[i / vocabulary] == 1)];
    }

    private int[] Labels()
    {
        int[] targets = [.. Enumerable.Repeat(-100, _rows * _length)];
        int[] labels = Reference.Has("labels") ? Reference.Int32("labels") : new int[_rows];
        for (int row = 0; row < _rows; row++)
            targets[row * _length + (Model.IsDecoder() ? _mask!.AsSpan(row * _length, _length).LastIndexOf(1) : 0)] = labels[row];
        return targets;
    }
}

internal static class ModelKind
{
    public static bool IsDecoder(this ITrainedModel model) => Architectures.Find(model.Config.Architecture).IsCausal;
}
