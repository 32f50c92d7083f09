namespace Sinter.Text.Templates.Values;

/// <summary>Python's tuple: a list in round brackets, which equals no list in square ones.</summary>
internal sealed class TemplateTuple(IEnumerable<object?> items) : List<object?>(items);
