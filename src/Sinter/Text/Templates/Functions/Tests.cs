using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>The tests by name.</summary>
internal static class Tests
{
    private static readonly Dictionary<string, ValueTest> s_all = new(StringComparer.Ordinal)
    {
        ["defined"] = (value, _) => value is not Undefined,
        ["undefined"] = (value, _) => value is Undefined,
        ["none"] = (value, _) => value is null,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["integer"] = (value, _) => value is long,
        ["float"] = (value, _) => value is double,
        ["number"] = (value, _) => value is long or double or bool,
        ["string"] = (value, _) => value is string,
        ["mapping"] = (value, _) => value is TemplateDict,
        ["sequence"] = (value, _) => value is string or List<object?> or TemplateDict or Undefined,
        ["iterable"] = (value, _) => value is string or List<object?> or TemplateDict or Undefined,
        ["callable"] = (value, _) => value is Callable,
        ["even"] = (value, _) => Modulo(value, 2) == 0,
        ["odd"] = (value, _) => Modulo(value, 2) == 1,
        ["divisibleby"] = (value, a) => Modulo(value, a.Expect("num").Integer(0, "num", 0)) == 0,
        ["lower"] = (value, _) => HasCase(ValueText.Of(value), char.IsUpper),
        ["upper"] = (value, _) => HasCase(ValueText.Of(value), char.IsLower),
        ["in"] = (value, a) => Value.Contains(a.Required(0, "seq"), value),
        ["sameas"] = (value, a) => AreSame(value, a.Required(0, "other")),
        ["filter"] = (value, _) => value is string name && Filters.Find(name) is not null,
        ["test"] = (value, _) => value is string name && Find(name) is not null,
    };

    static Tests()
    {
        Add((x, y) => Value.AreEqual(x, y), "eq", "==", "equalto");
        Add((x, y) => !Value.AreEqual(x, y), "ne", "!=");
        Add((x, y) => Value.Compare(x, y, "<") < 0, "lt", "<", "lessthan");
        Add((x, y) => Value.Compare(x, y, "<=") <= 0, "le", "<=");
        Add((x, y) => Value.Compare(x, y, ">") > 0, "gt", ">", "greaterthan");
        Add((x, y) => Value.Compare(x, y, ">=") >= 0, "ge", ">=");
    }

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => s_all.Keys;

    /// <summary>A test; null where there is none of this name.</summary>
    public static ValueTest? Find(string name) => s_all.GetValueOrDefault(name);

    /// <summary>A test that a template names while it runs.</summary>
    public static ValueTest Get(string name) => Find(name) ?? throw new TemplateFault($"there is no test '{name}'");

    private static void Add(Func<object?, object?, bool> holds, params ReadOnlySpan<string> names)
    {
        foreach (string name in names) s_all[name] = (value, arguments) => holds(value, arguments.Required(0, "other"));
    }

    private static long Modulo(object? value, long by)
    {
        if (!Value.TryInteger(Value.Defined(value), out long number)) throw new TemplateFault($"a {Value.TypeName(value)} is no whole number");
        if (by == 0) throw new TemplateFault("a division by zero");
        return by == -1 ? 0 : Math.Abs(number % by);
    }

    /// <summary>Whether there are letters with a case, and none of the other one.</summary>
    private static bool HasCase(string text, Func<char, bool> other) => text.Any(c => char.IsUpper(c) || char.IsLower(c)) && !text.Any(other);

    private static bool AreSame(object? x, object? y) => x?.GetType() == y?.GetType() && (x is bool or long or string ? Value.AreEqual(x, y) : ReferenceEquals(x, y));
}
