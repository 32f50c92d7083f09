using Sinter.Layers;

namespace Sinter.Optimizers;

/// <summary>Cuts a model's parameters into groups: by name pattern, by depth, and matrices apart from biases and norms, which have no weight decay.</summary>
public static class ParameterGrouping
{
    /// <summary>The groups. Parameters that an entry freezes are in none of them and get no gradients; all others get gradients.</summary>
    /// <param name="parameters">All parameters, in the order of the model's files.</param>
    /// <param name="entries">Patterns; the first that fits a parameter decides.</param>
    /// <param name="layerDecay">Factor of the learning rate from each layer to the one below; see <see cref="ParameterDepth"/>.</param>
    /// <exception cref="RecipeException">A pattern fits no parameter, or only such as an earlier entry has; or all are frozen.</exception>
    public static IReadOnlyList<ParameterGroup> Groups(IReadOnlyList<Parameter> parameters, IReadOnlyList<ParameterGroupOptions>? entries = null,
        double layerDecay = 1)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        entries ??= [];
        RequireUse(entries, [.. parameters.Select(p => p.Name)]);
        int[] below = ParameterDepth.BelowTop(parameters);
        var trained = new List<(Parameter Parameter, double Factor, double? Decay)>();
        foreach (var (i, parameter) in parameters.Index())
        {
            var entry = entries.FirstOrDefault(e => e.Fits(parameter.Name));
            bool frozen = parameter.IsFrozen || entry is { Frozen: true };
            parameter.Value.WithGrad(!frozen);
            if (frozen) continue;
            double factor = (entry?.LearningRateFactor ?? 1) * Math.Pow(layerDecay, below[i]);
            trained.Add((parameter, factor, entry?.WeightDecay ?? (parameter.IsMatrix ? null : 0)));
        }
        if (trained.Count == 0 && parameters.Count > 0)
            throw new RecipeException("training.parameter_groups: every parameter is frozen, so there is nothing to train; leave some out.");
        return [.. trained.GroupBy(t => (t.Factor, t.Decay)).Select(g => new ParameterGroup([.. g.Select(t => t.Parameter)])
        {
            LearningRateFactor = g.Key.Factor,
            WeightDecay = g.Key.Decay,
        })];
    }

    private static void RequireUse(IReadOnlyList<ParameterGroupOptions> entries, List<string> names)
    {
        var errors = new List<string>();
        var free = names.ToHashSet();
        foreach (var entry in entries)
        {
            foreach (string pattern in entry.Match)
            {
                var fitting = names.Where(n => NamePattern.Fits(pattern, n)).ToList();
                if (fitting.Count == 0)
                    errors.Add($"training.parameter_groups: the pattern '{pattern}' fits no parameter of the model; the nearest is {NamePattern.Nearest(pattern, names)}.");
                else if (!fitting.Exists(free.Contains))
                    errors.Add($"training.parameter_groups: all that the pattern '{pattern}' fits, such as {fitting[0]}, is in an earlier entry; put the narrower one first.");
            }
            free.RemoveWhere(entry.Fits);
        }
        if (errors.Count > 0) throw new RecipeException(errors);
    }
}
