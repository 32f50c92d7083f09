using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>Methods of dicts and lists; those that change them are refused.</summary>
internal static class TemplateMethods
{
    private static readonly string[] s_dictChanges = ["clear", "pop", "popitem", "setdefault", "update"];
    private static readonly string[] s_listChanges = ["append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"];

    /// <summary>Whether a dict has a method of this name.</summary>
    public static bool IsOfDict(string name) => name is "items" or "keys" or "values" or "get" or "copy" || s_dictChanges.Contains(name);

    /// <summary>A dict's method.</summary>
    public static Callable? Of(TemplateDict dict, string name) => name switch
    {
        "items" => new(name, (run, _) => Counted(run, dict.Select(object? (p) => new TemplateTuple([p.Key, p.Value])))),
        "keys" => new(name, (run, _) => Counted(run, dict.Keys)),
        "values" => new(name, (run, _) => Counted(run, dict.Values)),
        "get" => new(name, (_, a) => dict.TryFind(a.Expect("key", "default").Required(0, "key"), out object? value) ? value : a.Get(1, "default")),
        "copy" => new(name, (_, _) => dict),
        _ => Refused("dict", name, s_dictChanges),
    };

    /// <summary>A list's method.</summary>
    public static Callable? Of(List<object?> list, string name) => name switch
    {
        "index" => new(name, (_, a) => list.FindIndex(item => Value.AreEqual(item, a.Required(0, "value"))) is var at and >= 0 ? (long)at : throw new TemplateFault("the list has no such item")),
        "count" => new(name, (_, a) => (long)list.Count(item => Value.AreEqual(item, a.Required(0, "value")))),
        "copy" => new(name, (run, _) => Counted(run, list)),
        _ => Refused("list", name, s_listChanges),
    };

    private static List<object?> Counted(TemplateRun run, IEnumerable<object?> items)
    {
        List<object?> list = [.. items];
        run.Charge(list.Count);
        return list;
    }

    private static Callable? Refused(string type, string name, string[] changes) => !changes.Contains(name) ? null
        : new(name, (_, _) => throw new TemplateFault($"'{name}' would change a {type}, which a template may not"));
}
