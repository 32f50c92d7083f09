using Sinter.Layers;
using Sinter.Options;

namespace Sinter.Training.Regularization;

/// <summary>The options of one penalty; each derives its own. The penalty is for matrices alone, as weight decay is, unless names say otherwise.</summary>
public abstract class PenaltyOptions : INamedOptions
{
    /// <summary>The penalty's name in recipes.</summary>
    public abstract string Name { get; }

    /// <summary>Names of parameters, where <c>*</c> stands for any letters and <c>?</c> for one; none means all matrices.</summary>
    public IReadOnlyList<string> Match { get; set; } = [];

    /// <summary>Names of parameters that are left out.</summary>
    public IReadOnlyList<string> Exclude { get; set; } = [];

    /// <summary>The penalty of these options.</summary>
    /// <param name="parameters">The model's parameters.</param>
    /// <exception cref="RecipeException">A pattern names no parameter, or none is left.</exception>
    public abstract IPenalty Create(IReadOnlyList<Parameter> parameters);

    /// <summary>Lists the keys that every penalty has.</summary>
    protected static void Describe<T>(OptionsSchemaBuilder<T> builder) where T : PenaltyOptions, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Texts("match", "Names of parameters, as in the model's files; * stands for any letters, ? for one. None means all matrices; \"*\" includes biases and norms.",
            o => o.Match, (o, v) => o.Match = v);
        builder.Texts("exclude", "Names of parameters that are left out.", o => o.Exclude, (o, v) => o.Exclude = v);
    }

    /// <summary>The parameters that the penalty is for.</summary>
    protected IReadOnlyList<Parameter> Choose(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (string pattern in Match.Concat(Exclude))
            if (!parameters.Any(p => NamePattern.Fits(pattern, p.Name)))
                throw new RecipeException($"training.penalty: no parameter's name fits '{pattern}'; did you mean {NamePattern.Nearest(pattern, [.. parameters.Select(p => p.Name)])}?");
        var chosen = parameters.Where(p => (Match.Count == 0 ? p.IsMatrix : Match.Any(m => NamePattern.Fits(m, p.Name))) && !Exclude.Any(e => NamePattern.Fits(e, p.Name))).ToList();
        return chosen.Count > 0 ? chosen : throw new RecipeException("training.penalty: match and exclude leave no parameter; remove the key, or one of them.");
    }
}
