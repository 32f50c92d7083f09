namespace Sinter.Text.Templates.Values;

/// <summary>What <c>namespace()</c> gives: names that can be set from inside loops.</summary>
internal sealed class TemplateNamespace
{
    /// <summary>The names.</summary>
    public Dictionary<string, object?> Names { get; } = new(StringComparer.Ordinal);
}
