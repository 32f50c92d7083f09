using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>What orders values, or finds equal ones: texts without regard to case, unless that is asked for.</summary>
internal static class Sorting
{
    /// <summary>The items in order; equal ones stay as they came.</summary>
    public static List<object?> Sort(List<object?> items, bool descending, bool caseSensitive, Func<object?, object?>? attribute)
    {
        var keyed = items.ConvertAll(item => (Key: Key(item, caseSensitive, attribute), Item: item));
        var comparer = Comparer<object?>.Create((x, y) => Value.Compare(x, y, "<"));
        try
        {
            return [.. (descending ? keyed.OrderByDescending(k => k.Key, comparer) : keyed.OrderBy(k => k.Key, comparer)).Select(k => k.Item)];
        }
        // Sorting wraps what a comparison throws.
        catch (InvalidOperationException e) when (e.InnerException is TemplateFault fault)
        {
            throw fault;
        }
    }

    /// <summary>The first of equal items.</summary>
    public static List<object?> Unique(List<object?> items, bool caseSensitive, Func<object?, object?>? attribute)
    {
        TemplateDict seen = [];
        return items.FindAll(item =>
        {
            object? key = Key(item, caseSensitive, attribute);
            if (seen.TryFind(key ?? "\0none", out _)) return false;
            seen.Put(key ?? "\0none", null);
            return true;
        });
    }

    /// <summary>The least or largest item.</summary>
    public static object? Extreme(List<object?> items, int sign, bool caseSensitive, Func<object?, object?>? attribute)
    {
        if (items.Count == 0) return new Undefined("there is no item");
        object? best = items[0];
        foreach (object? item in items)
            if (sign * Value.Compare(Key(item, caseSensitive, attribute), Key(best, caseSensitive, attribute), "<") > 0) best = item;
        return best;
    }

    private static object? Folded(object? key) => key switch
    {
        string text => text.ToLowerInvariant(),
        TemplateTuple parts => new TemplateTuple(parts.ConvertAll(Folded)),
        _ => key,
    };

    private static object? Key(object? item, bool caseSensitive, Func<object?, object?>? attribute)
    {
        object? key = attribute is null ? item : attribute(item);
        return caseSensitive ? key : Folded(key);
    }
}
