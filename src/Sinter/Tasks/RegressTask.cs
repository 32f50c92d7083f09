using Sinter.Data;
using Sinter.Data.Examples;
using Sinter.Evaluation;
using Sinter.Models;
using Sinter.Tensors.Ops;

namespace Sinter.Tasks;

/// <summary>Predicts numbers from texts, or from pairs of texts.</summary>
/// <param name="options">Columns and loss.</param>
public sealed class RegressTask(RegressOptions options) : ExampleTask(options)
{
    /// <inheritdoc/>
    public override ProblemKind Problem => ProblemKind.Regression;

    /// <inheritdoc/>
    public override CardPart Card(ModelConfig config, TaskData data)
    {
        string pair = options.PairColumn is null ? "" : ", \"a second text\"";
        return new CardPart("text-classification",
            $"predicts {string.Join(", ", options.ValueColumns)} of {(options.PairColumn is null ? "a text" : "a pair of texts")}",
            [$"sinter predict MODEL --text \"a text\"{(options.PairColumn is null ? "" : " --pair \"a second text\"")}", "sinter predict MODEL --data FILE.jsonl --json"],
            $"""
            import torch
            from transformers import AutoModelForSequenceClassification, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained("MODEL")
            model = AutoModelForSequenceClassification.from_pretrained("MODEL")
            with torch.no_grad():
                print(model(**tokenizer("a text"{pair}, return_tensors="pt")).logits[0].tolist())
            """);
    }

    /// <inheritdoc/>
    protected override ExampleColumns Columns(DataOptions data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return new ExampleColumns(data.Column, options.PairColumn, ExampleTarget.Numbers, options.ValueColumns);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Names(IReadOnlyList<Example> train, IReadOnlyList<Example> validation, bool isHeldOut) => options.ValueColumns;

    /// <inheritdoc/>
    protected override EncodedExamples Target(EncodedExamples encoded, IReadOnlyList<Example> examples, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        return encoded.With([.. examples.SelectMany(e => e.Values)], options.ValueColumns.Count);
    }

    /// <inheritdoc/>
    protected override SequenceLoss Objective(ExampleData data) => new NumberLoss(options.Kind, options.Reduction == "sum", (float)options.Delta);

    /// <inheritdoc/>
    protected override IExampleScores Scores(int outputs) => new NumberScores(outputs);

    /// <inheritdoc/>
    protected override double Distance(EncodedExamples examples, long example, ReadOnlySpan<float> logits)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var wanted = examples.ValuesOf(example);
        double sum = 0;
        for (int k = 0; k < logits.Length; k++) sum += Distance(Math.Abs((double)logits[k] - wanted[k]));
        return options.Reduction == "sum" ? sum : sum / logits.Length;
    }

    private double Distance(double error) => options.Kind switch
    {
        ElementLossKind.SquaredError => error * error,
        ElementLossKind.Huber when error <= options.Delta => error * error / 2,
        ElementLossKind.Huber => options.Delta * (error - options.Delta / 2),
        _ => error,
    };
}
