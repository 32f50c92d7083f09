namespace Sinter.Layers.Adapters;

/// <summary>The same <see cref="LowRankSpec"/> for all layers that the options choose.</summary>
/// <param name="options">The choice.</param>
internal sealed class LowRankPlan(LoraOptions options) : IAdapterPlan
{
    /// <summary>The heads of transformers' classifiers, which begin at random and so are trained always.</summary>
    private static readonly string[] s_heads = ["score", "classifier", "pre_classifier"];

    private readonly LowRankSpec _spec = new(options.Rank, options.Alpha ?? options.Rank)
    {
        IsRankStabilized = options.IsRankStabilized,
        HasMagnitude = options.HasMagnitude,
        Dropout = options.Dropout,
    };

    public LinearAdapter? Attach(Linear layer, ParameterSet parameters) => IsTarget(layer.Path) ? new LowRankAdapter(layer, parameters, _spec) : null;

    public bool Trains(string parameter) => s_heads.Contains(parameter.Split('.')[0]) || options.Train.Any(t => ModulePattern.Holds(t, parameter));

    public void Check(IReadOnlyList<string> layers, IReadOnlyList<string> parameters)
    {
        List<string> errors = [];
        foreach (string target in options.Targets)
            if (!layers.Any(l => ModulePattern.Fits(target, l)))
                errors.Add($"adapter.targets: no linear layer's name is or ends with '{target}'; the nearest is {ModulePattern.Nearest(target, layers)}.");
        foreach (string train in options.Train)
            if (!parameters.Any(p => ModulePattern.Holds(train, p)))
                errors.Add($"adapter.train: the model has no module or parameter '{train}'; the nearest is {ModulePattern.Nearest(train, [.. parameters.SelectMany(ModulePattern.Path).Distinct()])}.");
        if (errors.Count > 0) throw new RecipeException(errors);
    }

    private bool IsTarget(string path) => !Trains(path + ".weight") && (options.Targets.Count == 0 || options.Targets.Any(t => ModulePattern.Fits(t, path)));
}
