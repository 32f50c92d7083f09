using Sinter.Options;

namespace Sinter.Tasks;

/// <summary>What tasks on examples have in common: a text, or a pair of them, with something to be predicted.</summary>
public abstract class ExampleTaskOptions : TaskOptions
{
    /// <summary>The column of the second text of a pair; null where examples are one text.</summary>
    public string? PairColumn { get; set; }

    /// <summary>The most tokens of an example; what is longer is cut at its end. Null is the model's context.</summary>
    public int? MaxLength { get; set; }

    /// <summary>Which examples are held out for validation.</summary>
    public ulong SplitSeed { get; set; } = 1;

    /// <inheritdoc/>
    public override bool TakesValidationFiles => true;

    private protected static void Describe<T>(OptionsSchemaBuilder<T> b) where T : ExampleTaskOptions, new()
    {
        b.OptionalText("pair_column", "The column of the second text, where examples are pairs; data.column is that of the first.", o => o.PairColumn,
            (o, v) => o.PairColumn = v);
        b.OptionalInteger("max_length", "The most tokens of an example; what is longer is cut. Null is model.context_length.", o => o.MaxLength, (o, v) => o.MaxLength = v, 2, 1 << 24);
        b.Integer("split_seed", "Which examples are held out for validation.", o => o.SplitSeed, (o, v) => o.SplitSeed = v);
    }
}
