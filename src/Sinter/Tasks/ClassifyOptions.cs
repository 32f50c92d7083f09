using Sinter.Evaluation;
using Sinter.Options;

namespace Sinter.Tasks;

/// <summary>Options of <see cref="ClassifyTask"/>.</summary>
public sealed class ClassifyOptions : ExampleTaskOptions
{
    /// <summary>The keys of <c>classify</c> in recipes.</summary>
    public static OptionsSchema<ClassifyOptions> Schema { get; } = OptionsSchema.Create<ClassifyOptions>("Sort texts, or pairs of texts, into labels: one of several, or any number.",
        static b =>
        {
            b.Text("label_column", "The column of the label.", o => o.LabelColumn, (o, v) => o.LabelColumn = v, v => v.Length == 0 ? "must not be empty" : null);
            Describe(b);
            b.Texts("labels", "All labels, in the order of their ids; none takes those of the training part, in ordinal order.", o => o.Labels, (o, v) => o.Labels = v);
            b.Boolean("multi_label", "Whether a text may have any number of labels: a list in .jsonl files, else a text with label_separator between.", o => o.MultiLabel,
                (o, v) => o.MultiLabel = v);
            b.Text("label_separator", "What stands between the labels of a text, where multi_label.", o => o.LabelSeparator, (o, v) => o.LabelSeparator = v,
                v => v.Length == 0 ? "must not be empty" : null);
            b.Number("threshold", "The least probability of a label that is predicted, where multi_label.", o => o.Threshold, (o, v) => o.Threshold = v, NumberRange.ProperShare);
            b.WordOrNumbers("class_weights", "How much an example counts by its label: balanced has each label count as much as any other.", o => o.ClassWeights,
                (o, v) => o.ClassWeights = v, "balanced", Tasks.ClassWeights.Balanced, given => new ClassWeights { Given = given }, weights => weights.Given);
            b.Rule(["labels"], static o => o.Labels.GroupBy(l => l, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice ? $"'{twice.Key}' occurs twice" : null);
        });

    /// <inheritdoc/>
    public override string Name => "classify";

    /// <summary>The column of the label.</summary>
    public string LabelColumn { get; set; } = "label";

    /// <summary>All labels, in the order of their ids; empty takes those of the training part.</summary>
    public IReadOnlyList<string> Labels { get; set; } = [];

    /// <summary>Whether a text may have any number of labels.</summary>
    public bool MultiLabel { get; set; }

    /// <summary>What stands between the labels of a text, where it is not a list.</summary>
    public string LabelSeparator { get; set; } = "|";

    /// <summary>The least probability of a label that is predicted, where there may be any number.</summary>
    public double Threshold { get; set; } = 0.5;

    /// <summary>How much an example counts by its label; null is 1.</summary>
    public ClassWeights? ClassWeights { get; set; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Metrics => MultiLabel ? LabelSetScores.Names : SingleLabelScores.Names;

    /// <inheritdoc/>
    public override string MainMetric => "validation_f1";

    /// <inheritdoc/>
    public override ITask Create() => new ClassifyTask(this);
}
