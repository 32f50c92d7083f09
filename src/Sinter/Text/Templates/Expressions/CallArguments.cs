using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary>What stands between the brackets of a call.</summary>
/// <param name="Places">By place; a starred one gives its items.</param>
/// <param name="Names">By name; without a name, a dict with two stars.</param>
internal sealed record CallArguments(List<(Expression Value, bool Starred)> Places, List<(string? Name, Expression Value)> Names)
{
    /// <summary>No arguments.</summary>
    public static CallArguments None { get; } = new([], []);

    /// <summary>Their values.</summary>
    public Arguments Evaluate(string function, TemplateRun run, TemplateScope scope, object?[]? before = null)
    {
        List<object?> places = [.. before ?? []];
        foreach (var (value, starred) in Places)
        {
            object? found = value.Evaluate(run, scope);
            if (starred) places.AddRange(Value.Items(found));
            else places.Add(found);
        }
        Dictionary<string, object?> names = new(StringComparer.Ordinal);
        foreach (var (name, value) in Names)
        {
            object? found = value.Evaluate(run, scope);
            if (name is not null) names[name] = found;
            else if (found is TemplateDict dict) foreach (var (key, item) in dict) names[ValueText.Of(key)] = item;
            else throw new TemplateFault($"'**' takes a dict, not a {Value.TypeName(found)}");
        }
        return new(function, places, names);
    }
}
