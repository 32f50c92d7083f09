using Sinter.Layers.Adapters;
using Sinter.Layers.Initialization;
using Sinter.Optimizers;
using Sinter.Options;
using Sinter.Schedules;
using Sinter.Schedules.Warmups;
using Sinter.Tasks;
using Sinter.Training.Averaging;
using Sinter.Training.Batches;
using Sinter.Training.Clipping;
using Sinter.Training.Regularization;
using Sinter.Training.Stopping;
using Sinter.Training.Unfreezing;

namespace Sinter.Recipes;

/// <summary>Every kind of strategy that a recipe names.</summary>
public static class StrategyCatalog
{
    /// <summary>A kind of strategy.</summary>
    /// <param name="Name">In the plural, such as <c>optimizers</c>.</param>
    /// <param name="Key">The key of recipes that chooses one.</param>
    /// <param name="Registry">The strategies.</param>
    public sealed record Kind(string Name, string Key, IStrategyRegistry Registry);

    /// <summary>All kinds, one line each.</summary>
    public static IReadOnlyList<Kind> Kinds { get; } =
    [
        new("tasks", "task", TaskRegistry.All),
        new("optimizers", "training.optimizer", OptimizerRegistry.All),
        new("schedules", "training.schedule", ScheduleRegistry.All),
        new("warmups", "training.schedule.warmup", WarmupRegistry.All),
        new("initializers", "model.initializer", InitializerRegistry.All),
        new("batch_policies", "training.batch_size", BatchPolicyRegistry.All),
        new("clippers", "training.gradient_clip", ClipperRegistry.All),
        new("averages", "training.average", WeightAverageRegistry.All),
        new("penalties", "training.penalty", PenaltyRegistry.All),
        new("unfreezing", "training.unfreeze", UnfreezingRegistry.All),
        new("adapters", "adapter", AdapterRegistry.All),
        new("stopping_rules", "training.stop", StoppingRegistry.All),
    ];
}
