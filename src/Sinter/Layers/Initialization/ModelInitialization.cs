using Sinter.Tensors;

namespace Sinter.Layers.Initialization;

/// <summary>
/// How a model begins: of the rules that match a parameter's name the first decides; without one biases are zeros, the weights of norms ones, and
/// matrices as
/// <paramref name="matrices"/> says.
/// </summary>
/// <param name="matrices">For matrices that no rule matches.</param>
/// <param name="rules">By name; null is none.</param>
public sealed class ModelInitialization(Initializer matrices, IReadOnlyList<InitializerRule>? rules = null)
{
    private readonly IReadOnlyList<InitializerRule> _rules = rules ?? [];

    /// <summary>For a model whose weights are all read from files: parameters are undefined until then.</summary>
    public static ModelInitialization None { get; } = new(Initializer.Zeros);

    /// <summary>The initializer of a parameter.</summary>
    public Initializer Of(ParameterSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if (this == None) return Unchanged.Instance;
        foreach (var rule in _rules)
            if (rule.Fits(spec.Name)) return rule.Initializer;
        return spec.Role switch
        {
            ParameterRole.Bias or ParameterRole.NormOffset => Initializer.Zeros,
            ParameterRole.NormWeight => Initializer.Ones,
            _ => matrices,
        };
    }

    /// <summary>Refuses a pattern that fits no parameter of a model: it is most likely misspelt.</summary>
    /// <exception cref="SinterException">There is one.</exception>
    public void CheckMatches(IReadOnlyList<Parameter> parameters)
    {
        List<string> names = [.. parameters.Select(p => p.Name)];
        foreach (string pattern in _rules.SelectMany(r => r.Match))
            if (!names.Exists(name => NamePattern.Fits(pattern, name)))
                throw new SinterException($"model.initializers: the pattern '{pattern}' fits no parameter of the model; the nearest is {NamePattern.Nearest(pattern, names)}.");
    }

    private sealed class Unchanged : Initializer
    {
        public static readonly Unchanged Instance = new();

        public override string Name => "none";

        public override void Fill(Tensor values, ParameterSpec spec, ulong seed) { }
    }
}
