namespace Sinter.Options;

/// <summary>Collects every error of a binding, and remembers where each value stands so that later rules can say so too.</summary>
internal sealed class OptionReport(OptionMark? root = null)
{
    private readonly List<(OptionMark? Mark, string Message)> errors = [];
    private readonly Dictionary<string, OptionMark> marks = [];
    private readonly HashSet<string> failed = [];
    private readonly HashSet<string> unsound = [];

    /// <summary>Full paths of all known keys, for suggestions.</summary>
    public Func<IReadOnlyList<string>> KnownPaths { get; init; } = () => [];

    /// <summary>Says that <paramref name="path"/> was written at <paramref name="mark"/>.</summary>
    public void Seen(string path, OptionMark mark) => marks[path] = mark;

    /// <summary>An error at a place; the path counts as failed, so that rules about it are not tried.</summary>
    public void Error(OptionMark mark, string path, string message)
    {
        failed.Add(path);
        errors.Add((mark, path.Length == 0 ? message : $"{path}: {message}"));
    }

    /// <summary>A required key is not there: stands where the section around it was written.</summary>
    public void Missing(string path, string message)
    {
        failed.Add(path);
        errors.Add((Nearest(path), $"{path}: {message}"));
    }

    /// <summary>Says that <paramref name="path"/> could not be bound, for reasons that are reported already.</summary>
    public void Failed(string path) => failed.Add(path);

    /// <summary>An error of a bound value: stands where the value, or the nearest section around it, was written.</summary>
    public void Problem(string path, string message)
    {
        unsound.Add(path);
        Problem(path, [path], message);
    }

    /// <summary>
    /// The key that <paramref name="word"/> at <paramref name="path"/> probably meant: one like it among <paramref name="here"/>, the same one in
    /// another section, or null. The keys of other strategies of <paramref name="strategy"/>'s registry are known below the same path, and are no help.
    /// </summary>
    public string? SuggestKey(string word, string path, string? strategy, IReadOnlyList<string> here) =>
        Suggestion.Nearest(word, here) ?? KnownPaths().FirstOrDefault(p => p != path
            && (strategy is null || !p.StartsWith(WithoutIndexes(path[..^word.Length]), StringComparison.Ordinal)) && p.EndsWith("." + word, StringComparison.Ordinal));

    /// <summary>
    /// An error of several values together, named after <paramref name="path"/>: stands at the first of them that came from the command line, else
    /// at the first that was written at all.
    /// </summary>
    public void Problem(string path, IReadOnlyList<string> involved, string message)
    {
        var written = involved.Where(marks.ContainsKey).Select(p => (OptionMark?)marks[p]).ToList();
        var mark = written.Find(m => m!.Value.IsOverride) ?? written.FirstOrDefault() ?? Nearest(path);
        errors.Add((mark, $"{path}: {message}"));
    }

    /// <summary>Whether <paramref name="path"/> and all below it were bound and are themselves allowed.</summary>
    public bool IsSound(string path) => IsBound(path) && !unsound.Contains(path)
        && !failed.Concat(unsound).Any(p => p.StartsWith(path + ".", StringComparison.Ordinal));

    /// <summary>Whether neither <paramref name="path"/> nor a section around it failed to bind.</summary>
    public bool IsBound(string path)
    {
        for (var p = path; ; p = p[..p.LastIndexOf('.')])
        {
            if (failed.Contains(p)) return false;
            if (!p.Contains('.')) return true;
        }
    }

    /// <summary>The errors, one line each: those of the file by place, then those of the command line, then those without a place.</summary>
    public IReadOnlyList<string> Lines() => [.. errors
        .OrderBy(e => e.Mark is { } m ? (m.IsOverride ? 1 : 0) : 2)
        .ThenBy(e => e.Mark?.Line ?? 0).ThenBy(e => e.Mark?.Column ?? 0)
        .Select(e => e.Mark is { } m ? $"{m}: {e.Message}" : e.Message)
        .Distinct()];

    private static string WithoutIndexes(string path) => string.Join('.', path.Split('.').Where(p => !p.All(char.IsAsciiDigit)));

    private OptionMark? Nearest(string path)
    {
        for (var p = path; p.Contains('.');)
        {
            p = p[..p.LastIndexOf('.')];
            if (marks.TryGetValue(p, out var mark)) return mark;
        }
        return root;
    }

    /// <summary>The path of a key below a section.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
