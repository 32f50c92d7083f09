using Sinter.Options;

namespace Sinter.Schedules;

/// <summary>The options of a schedule that falls from the peak to a floor.</summary>
public abstract class DecayOptions : ScheduleOptions
{
    /// <summary>The learning rate at the end.</summary>
    public double MinLearningRate { get; set; }

    /// <inheritdoc/>
    protected override double? Floor => MinLearningRate;

    /// <summary>Lists the keys that every such schedule has.</summary>
    protected static void DescribeDecay<T>(OptionsSchemaBuilder<T> builder) where T : DecayOptions, new()
    {
        Describe(builder);
        builder.Number("min_learning_rate", "The learning rate at the end.", o => o.MinLearningRate, (o, v) => o.MinLearningRate = v,
            NumberRange.NotNegative);
    }
}
