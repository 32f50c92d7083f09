namespace Sinter.Text.Templates.Values;

/// <summary>Python's dict: keys in the order in which they came; numbers that are equal are the same key.</summary>
internal sealed class TemplateDict() : OrderedDictionary<object, object?>(KeyComparer.Instance)
{
    /// <summary>The value of a key, which need not be one that a dict can have.</summary>
    public bool TryFind(object? key, out object? value)
    {
        value = null;
        return key is string or bool or long or double && TryGetValue(key, out value);
    }

    /// <summary>Sets a key.</summary>
    public void Put(object? key, object? value) =>
        this[key is string or bool or long or double ? key : throw new TemplateFault($"a {Value.TypeName(key)} can't be a key")] = value;

    private sealed class KeyComparer : IEqualityComparer<object>
    {
        public static readonly KeyComparer Instance = new();

        public new bool Equals(object? x, object? y) => Value.AreEqual(x, y);

        public int GetHashCode(object key) => key is string text ? text.GetHashCode(StringComparison.Ordinal) : Convert.ToDouble(key, null).GetHashCode();
    }
}
