using Sinter.Evaluation;
using Sinter.Options;
using Sinter.Tensors.Ops;

namespace Sinter.Tasks;

/// <summary>Options of <see cref="RegressTask"/>.</summary>
public sealed class RegressOptions : ExampleTaskOptions
{
    private static readonly (string Name, ElementLossKind Kind)[] Kinds =
        [("mse", ElementLossKind.SquaredError), ("mae", ElementLossKind.AbsoluteError), ("huber", ElementLossKind.Huber)];

    /// <summary>The keys of <c>regress</c> in recipes.</summary>
    public static OptionsSchema<RegressOptions> Schema { get; } = OptionsSchema.Create<RegressOptions>("Predict numbers from texts, or from pairs of texts.", static b =>
    {
        b.Texts("value_columns", "The column of the number, or a list of columns.", o => o.ValueColumns, (o, v) => o.ValueColumns = v);
        Describe(b);
        b.Choice("loss", "The distance to be made small: squared, absolute, or Huber's, which is squared up to delta and absolute beyond.", o => o.Loss, (o, v) => o.Loss = v,
            [.. Kinds.Select(k => k.Name)]);
        b.Choice("reduction", "Whether distances are averaged over numbers and examples or added up.", o => o.Reduction, (o, v) => o.Reduction = v, ["mean", "sum"]);
        b.Number("delta", "Where Huber's distance changes.", o => o.Delta, (o, v) => o.Delta = v, NumberRange.Positive);
        b.Rule(["value_columns"], static o => o.ValueColumns.Count == 0 ? "must name at least one column"
            : o.ValueColumns.Distinct(StringComparer.Ordinal).Count() < o.ValueColumns.Count ? "names a column twice" : null);
    });

    /// <inheritdoc/>
    public override string Name => "regress";

    /// <summary>The columns of the numbers.</summary>
    public IReadOnlyList<string> ValueColumns { get; set; } = ["value"];

    /// <summary><c>mse</c>, <c>mae</c> or <c>huber</c>.</summary>
    public string Loss { get; set; } = "mse";

    /// <summary><c>mean</c> or <c>sum</c>.</summary>
    public string Reduction { get; set; } = "mean";

    /// <summary>Where Huber's distance changes.</summary>
    public double Delta { get; set; } = 1;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Metrics => NumberScores.Names;

    /// <inheritdoc/>
    public override string MainMetric => "validation_r2";

    /// <summary>The distance.</summary>
    internal ElementLossKind Kind => Kinds.First(k => k.Name == Loss).Kind;

    /// <inheritdoc/>
    public override ITask Create() => new RegressTask(this);
}
