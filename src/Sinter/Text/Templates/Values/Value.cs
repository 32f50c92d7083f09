using System.Numerics;

namespace Sinter.Text.Templates.Values;

/// <summary>
/// What the values of templates do, as Python's do it. A value is null (none), a bool, a long (int), a double (float), a string, a list, a <see cref="TemplateTuple"/>,
/// a <see cref="TemplateDict"/>, a <see cref="TemplateNamespace"/>, a <see cref="Callable"/> or <see cref="Undefined"/>.
/// </summary>
internal static class Value
{
    /// <summary>Python's name of a value's type.</summary>
    public static string TypeName(object? value) => value switch
    {
        null => "none",
        bool => "bool",
        long => "int",
        double => "float",
        string => "str",
        TemplateTuple => "tuple",
        List<object?> => "list",
        TemplateDict => "dict",
        TemplateNamespace => "namespace",
        Callable => "function",
        Undefined => "undefined",
        _ => "object",
    };

    /// <summary>The value, unless there is none.</summary>
    public static object? Defined(object? value) => value is Undefined undefined ? throw new TemplateFault(undefined.What) : value;

    /// <summary>Whether it counts as true.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        TemplateDict dict => dict.Count > 0,
        _ => true,
    };

    /// <summary>Whether it is a whole number; true and false are 1 and 0.</summary>
    public static bool TryInteger(object? value, out long number)
    {
        number = value switch { long whole => whole, true => 1, _ => 0 };
        return value is long or bool;
    }

    /// <summary>Whether it is a number.</summary>
    public static bool TryNumber(object? value, out double number)
    {
        number = value switch { double fraction => fraction, long whole => whole, true => 1, _ => 0 };
        return value is long or bool or double;
    }

    /// <summary>The count of its items.</summary>
    public static long Length(object? value) => value switch
    {
        Undefined => 0,
        string text => PythonText.Length(text),
        List<object?> list => list.Count,
        TemplateDict dict => dict.Count,
        _ => throw new TemplateFault($"a {TypeName(value)} has no length"),
    };

    /// <summary>Its items: of a list, characters of a text, keys of a dict; none of what is undefined.</summary>
    public static List<object?> Items(object? value) => value switch
    {
        Undefined => [],
        List<object?> list => list,
        string text => PythonText.Characters(text),
        TemplateDict dict => [.. dict.Keys],
        _ => throw new TemplateFault($"a {TypeName(value)} can't be walked through"),
    };

    /// <summary>Whether two values are equal.</summary>
    public static bool AreEqual(object? x, object? y)
    {
        RequireStack();
        if (x is string text) return y is string other && text == other;
        if (TryNumber(x, out double left) && TryNumber(y, out double right)) return TryInteger(x, out long a) && TryInteger(y, out long b) ? a == b : left == right;
        return (x, y) switch
        {
            (null, null) or (Undefined, Undefined) => true,
            (List<object?> a, List<object?> b) => a is TemplateTuple == b is TemplateTuple && a.Count == b.Count && a.Zip(b).All(p => AreEqual(p.First, p.Second)),
            (TemplateDict a, TemplateDict b) => a.Count == b.Count && a.All(p => b.TryFind(p.Key, out object? found) && AreEqual(p.Value, found)),
            _ => ReferenceEquals(x, y),
        };
    }

    /// <summary>The order of two values of like kind.</summary>
    public static int Compare(object? x, object? y, string sign)
    {
        RequireStack();
        (x, y) = (Defined(x), Defined(y));
        if (x is string text && y is string other) return PythonText.Compare(text, other);
        if (TryInteger(x, out long a) && TryInteger(y, out long b)) return a.CompareTo(b);
        if (TryNumber(x, out double left) && TryNumber(y, out double right)) return left.CompareTo(right);
        if (x is List<object?> first && y is List<object?> second && first is TemplateTuple == second is TemplateTuple) return CompareLists(first, second, sign);
        throw new TemplateFault($"'{sign}' has no meaning between a {TypeName(x)} and a {TypeName(y)}");
    }

    /// <summary>Whether a container holds a value.</summary>
    public static bool Contains(object? container, object? value) => container switch
    {
        string text => text.Contains(value as string ?? throw new TemplateFault($"a text can't hold a {TypeName(value)}"), StringComparison.Ordinal),
        List<object?> list => list.Exists(item => AreEqual(item, value)),
        TemplateDict dict => value is List<object?> or TemplateDict ? throw new TemplateFault($"a {TypeName(value)} can't be a key") : dict.TryFind(value, out _),
        Undefined => false,
        _ => throw new TemplateFault($"a {TypeName(container)} holds nothing"),
    };

    /// <summary>Refuses to go deeper where the stack ends: values may lie within each other as deep as a template likes.</summary>
    public static void RequireStack()
    {
        if (!System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new TemplateFault("values lie too deep within each other");
    }

    /// <summary>A whole number that fits.</summary>
    public static long Whole(BigInteger number) =>
        number >= long.MinValue && number <= long.MaxValue ? (long)number : throw new TemplateFault("the number is larger than 64 bits hold");

    private static int CompareLists(List<object?> first, List<object?> second, string sign)
    {
        for (int i = 0; i < first.Count && i < second.Count; i++)
            if (!AreEqual(first[i], second[i])) return Compare(first[i], second[i], sign);
        return first.Count.CompareTo(second.Count);
    }
}
