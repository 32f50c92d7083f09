namespace Sinter.Options;

/// <summary>The options of a strategy: one of several named ways to do a thing.</summary>
public interface INamedOptions
{
    /// <summary>The strategy's name in recipes.</summary>
    string Name { get; }
}
