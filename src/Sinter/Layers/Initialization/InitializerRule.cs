using Sinter.Options;

namespace Sinter.Layers.Initialization;

/// <summary>How the parameters begin whose names match a pattern.</summary>
public sealed class InitializerRule
{
    /// <summary>The keys of one item of <c>model.initializers</c> in recipes.</summary>
    public static OptionsSchema<InitializerRule> Schema { get; } = OptionsSchema.Create<InitializerRule>(static b =>
    {
        b.RequiredTexts("match", "Names of parameters, as in the model's files; * stands for any letters, ? for one.",
            o => o.Match, (o, v) => o.Match = v);
        b.Strategy("initializer", "How they begin.", o => o.Initializer, (o, v) => o.Initializer = v, InitializerRegistry.All);
    });

    /// <summary>Names of parameters; <c>*</c> stands for any letters, <c>?</c> for one.</summary>
    public IReadOnlyList<string> Match { get; set; } = [];

    /// <summary>How they begin.</summary>
    public Initializer Initializer { get; set; } = new NormalInitializer();

    internal bool Fits(string name) => Match.Any(pattern => NamePattern.Fits(pattern, name));
}
