namespace Sinter.Options;

/// <summary>One strategy, described for people.</summary>
/// <param name="Name">Its name in recipes.</param>
/// <param name="About">What it is, in one line with its source.</param>
/// <param name="Options">Its own keys.</param>
public sealed record StrategyDescription(string Name, string About, IReadOnlyList<OptionDescription> Options);

/// <summary>The strategies of one kind, without their type.</summary>
public interface IStrategyRegistry
{
    /// <summary>What the registry holds, in the singular.</summary>
    string What { get; }

    /// <summary>Every strategy, in the order added.</summary>
    IReadOnlyList<StrategyDescription> Describe();
}
