using System.Text;

namespace Sinter.Data.Sdk;

/// <summary>
/// Reads the identifiers of documentation files, such as <c>M:System.Array.Find``1(``0[],System.Predicate{``0})</c> (C# language specification, annex
/// D.4.2).
/// </summary>
internal static class MemberName
{
    /// <summary>The full name of the documented type: of a type itself, of another member the type that has it.</summary>
    public static string Topic(string id)
    {
        string name = Path(id);
        if (IsType(id)) return name;
        int dot = name.LastIndexOf('.');
        return dot < 0 ? name : name[..dot];
    }

    /// <summary>A name to read: the type's own, or type and member with the short names of the parameters.</summary>
    public static string Short(string id, bool parameters = true)
    {
        string path = Path(id);
        string[] parts = path.Split('.');
        string own = Plain(parts[^1]);
        if (IsType(id) || parts.Length == 1) return own;
        string type = Plain(parts[^2]);
        string list = Parameters(id);
        if (own is "#ctor" or "#cctor") own = parameters && list.Length > 0 ? $"new {type}" : $"{type} constructor";
        else own = $"{type}.{own[(own.LastIndexOf('#') + 1)..]}";
        return parameters && list.Length > 0 ? $"{own}({Readable(list)})" : own;
    }

    private static bool IsType(string id) => id.StartsWith("T:", StringComparison.Ordinal) || id.StartsWith("N:", StringComparison.Ordinal);

    /// <summary>The identifier without its kind, parameters and return type.</summary>
    private static string Path(string id)
    {
        int start = id.Length > 1 && id.IndexOf(':') is >= 0 and int colon ? colon + 1 : 0;
        int end = id.AsSpan(start).IndexOfAny('(', '~');
        return end < 0 ? id[start..] : id.Substring(start, end);
    }

    private static string Parameters(string id)
    {
        int open = id.IndexOf('('), close = id.LastIndexOf(')');
        return open >= 0 && close > open ? id[(open + 1)..close] : "";
    }

    private static string Plain(string name) => name.IndexOf('`') is > 0 and int tick ? name[..tick] : name;

    /// <summary>Parameter types with their short names: <c>System.Predicate{``0}</c> becomes <c>Predicate&lt;T&gt;</c>.</summary>
    private static string Readable(string list)
    {
        StringBuilder text = new();
        for (int i = 0; i < list.Length;)
        {
            int end = i;
            while (end < list.Length && (char.IsLetterOrDigit(list[end]) || list[end] is '_' or '.' or '`' or '#')) end++;
            if (end > i)
            {
                text.Append(ShortType(list[i..end]));
                i = end;
                continue;
            }
            _ = list[i++] switch
            {
                '{' => text.Append('<'),
                '}' => text.Append('>'),
                ',' => text.Append(", "),
                '@' => text,
                char c => text.Append(c),
            };
        }
        return text.ToString();
    }

    private static string ShortType(string type)
    {
        if (type[0] == '`') return type.TrimStart('`') is "0" or "" ? "T" : "T" + type.TrimStart('`');
        return Plain(type[(type.LastIndexOf('.') + 1)..]);
    }
}
