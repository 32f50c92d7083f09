using Sinter.Data;
using Sinter.Data.Examples;
using Sinter.Evaluation;
using Sinter.Models;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Sinter.Tasks;

/// <summary>Sorts texts, or pairs of texts, into labels.</summary>
/// <param name="options">Columns, labels and weights.</param>
public sealed class ClassifyTask(ClassifyOptions options) : ExampleTask(options)
{
    /// <inheritdoc/>
    public override ProblemKind Problem => options.MultiLabel ? ProblemKind.MultiLabel : ProblemKind.SingleLabel;

    /// <inheritdoc/>
    public override ModelConfig Configure(ModelConfig config, TaskData data) =>
        base.Configure(config, data) with { LabelThreshold = options.MultiLabel ? options.Threshold : null };

    /// <inheritdoc/>
    public override CardPart Card(ModelConfig config, TaskData data)
    {
        int labels = ((ExampleData)data).Names.Count;
        string pair = options.PairColumn is null ? "" : ", \"a second text\"";
        return new CardPart("text-classification",
            options.MultiLabel ? $"says which of {labels} labels a text has" : $"sorts {(options.PairColumn is null ? "texts" : "pairs of texts")} into {labels} labels",
            [$"sinter predict MODEL --text \"a text\"{(options.PairColumn is null ? "" : " --pair \"a second text\"")}", "sinter predict MODEL --data FILE.jsonl --json"],
            $"""
            import torch
            from transformers import AutoModelForSequenceClassification, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained("MODEL")
            model = AutoModelForSequenceClassification.from_pretrained("MODEL")
            with torch.no_grad():
                logits = model(**tokenizer("a text"{pair}, return_tensors="pt")).logits[0]
            {(options.MultiLabel
                ? $"print([model.config.id2label[i] for i, p in enumerate(logits.sigmoid().tolist()) if p >= {options.Threshold:0.###}])"
                : "print(model.config.id2label[int(logits.argmax())])")}
            """);
    }

    /// <inheritdoc/>
    protected override ExampleColumns Columns(DataOptions data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new ExampleColumns(data.Column, options.PairColumn, options.MultiLabel ? ExampleTarget.LabelSet : ExampleTarget.Label, [options.LabelColumn])
        {
            Separator = options.LabelSeparator,
        };
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Names(IReadOnlyList<Example> train, IReadOnlyList<Example> validation, bool isHeldOut)
    {
        var labels = options.Labels.Count > 0 ? new LabelSet(options.Labels) : LabelSet.Of(isHeldOut ? train.Concat(validation) : train);
        if (options.Labels.Count > 0) labels.Require(train, "task.labels");
        labels.Require(validation, options.Labels.Count > 0 ? "task.labels" : "the labels that are trained on");
        if (labels.Count < 2 && !options.MultiLabel) throw new DataException($"all examples have the label '{labels.Names[0]}', so there is nothing to tell apart; give examples of others");
        return labels.Names;
    }

    /// <inheritdoc/>
    protected override EncodedExamples Target(EncodedExamples encoded, IReadOnlyList<Example> examples, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        ArgumentNullException.ThrowIfNull(examples);
        var labels = new LabelSet(names);
        if (!options.MultiLabel) return encoded.With([.. examples.Select(e => labels.NumberOf(e.Labels[0]))]);
        var values = new float[examples.Count * labels.Count];
        foreach (var (i, example) in examples.Index())
            foreach (string label in example.Labels) values[i * labels.Count + labels.NumberOf(label)] = 1;
        return encoded.With(values, labels.Count);
    }

    /// <inheritdoc/>
    protected override SequenceLoss Objective(ExampleData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        float[]? weights = options.ClassWeights?.Of(data.Names, Counts(data.Train, data.Names.Count));
        return options.MultiLabel ? new NumberLoss(Tensors.Ops.ElementLossKind.BinaryCrossEntropy, weights: weights) : new LabelLoss(weights);
    }

    /// <inheritdoc/>
    protected override IExampleScores Scores(int outputs) => options.MultiLabel ? new LabelSetScores(outputs, options.Threshold) : new SingleLabelScores(outputs);

    /// <inheritdoc/>
    protected override double Distance(EncodedExamples examples, long example, ReadOnlySpan<float> logits)
    {
        ArgumentNullException.ThrowIfNull(examples);
        double sum = 0;
        if (options.MultiLabel)
        {
            var wanted = examples.ValuesOf(example);
            for (int k = 0; k < logits.Length; k++) sum += Math.Max(logits[k], 0) - (double)logits[k] * wanted[k] + Math.Log(1 + Math.Exp(-Math.Abs((double)logits[k])));
            return sum / logits.Length;
        }
        double most = TensorPrimitives.Max(logits);
        foreach (float logit in logits) sum += Math.Exp(logit - most);
        return most + Math.Log(sum) - logits[examples.Labels![example]];
    }

    private static long[] Counts(EncodedExamples examples, int labels)
    {
        var counts = new long[labels];
        for (long i = 0; i < examples.Count; i++)
        {
            if (examples.Labels is { } numbers) counts[numbers[i]]++;
            else for (int k = 0; k < labels; k++) counts[k] += examples.ValuesOf(i)[k] > 0.5f ? 1 : 0;
        }
        return counts;
    }
}
