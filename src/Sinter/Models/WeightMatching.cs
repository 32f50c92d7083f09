namespace Sinter.Models;

/// <summary>What may differ between the weights that a model needs and those of a file.</summary>
public enum WeightMatching
{
    /// <summary>Nothing.</summary>
    Strict,
    /// <summary>Weights of the model may be missing in the file: they keep their initial values.</summary>
    AllowMissing,
    /// <summary>The file may hold more than the model: it is not read.</summary>
    AllowExtra,
    /// <summary>Both, and a weight of another shape counts as missing.</summary>
    AllowAny,
}

/// <summary>The names that recipes give to <see cref="WeightMatching"/>.</summary>
public static class WeightMatchings
{
    private static readonly (string Name, WeightMatching Matching)[] s_all =
        [("strict", WeightMatching.Strict), ("allow_missing", WeightMatching.AllowMissing), ("allow_extra", WeightMatching.AllowExtra), ("allow_any", WeightMatching.AllowAny)];

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_all.Select(m => m.Name)];

    /// <summary>What a name means; null if it means nothing.</summary>
    public static WeightMatching? Parse(string name) => Array.Find(s_all, m => m.Name == name) is { Name: not null } found ? found.Matching : null;

    /// <summary>The name.</summary>
    public static string Name(this WeightMatching matching) => Array.Find(s_all, m => m.Matching == matching).Name;
}
