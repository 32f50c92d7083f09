namespace Sinter.Text.Templates.Functions;

/// <summary>The filters by name.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Filter> s_all = new(TextFilters.All.Concat(ListFilters.All).Concat(ValueFilters.All), StringComparer.Ordinal);

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => s_all.Keys;

    /// <summary>A filter; null where there is none of this name.</summary>
    public static Filter? Find(string name) => s_all.GetValueOrDefault(name);

    /// <summary>A filter that a template names while it runs.</summary>
    public static Filter Get(string name) => Find(name) ?? throw new TemplateFault($"there is no filter '{name}'");
}
