using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates;

/// <summary>Names and their values. A loop, a macro and a <c>with</c> have a scope of their own: what they set is gone behind them.</summary>
internal sealed class TemplateScope(TemplateScope? outer = null)
{
    private readonly Dictionary<string, object?> _names = new(StringComparer.Ordinal);

    /// <summary>The value of a name, or that it has none.</summary>
    public object? this[string name]
    {
        get
        {
            for (var scope = this; scope is not null; scope = scope.Outer)
                if (scope._names.TryGetValue(name, out object? value)) return value;
            return new Undefined($"'{name}' has no value");
        }
        set => _names[name] = value;
    }

    private TemplateScope? Outer => outer;
}
