using Sinter.Data.Examples;

namespace Sinter.Data.Sdk;

/// <summary>
/// The summaries of the .NET SDK's own APIs, each with the namespace that it is from: <c>sdk-docs-namespaces</c>. A summary that occurs again is dropped, and those of
/// a type stay together, so that nothing validated was trained on.
/// </summary>
internal static class SdkNamespaces
{
    /// <summary>Summaries that a namespace needs, to be learned and to be judged by.</summary>
    public const int FewestExamples = 500;

    /// <summary>The examples, in the order of packs and files.</summary>
    /// <exception cref="DataException">There is no SDK, or no documentation in it.</exception>
    public static List<Example> Read(Action<string> warn)
    {
        string root = SdkLocator.Find() ?? throw new DataException($"data.text: {BuiltInSources.SdkDocsNamespaces} needs the .NET SDK, which is in none of "
            + $"{string.Join(", ", SdkLocator.Candidates().Distinct())}; install it, set DOTNET_ROOT, or give files");
        return Read(root, FewestExamples, warn);
    }

    /// <summary>As <see cref="Read(Action{string})"/>, in a given root.</summary>
    internal static List<Example> Read(string root, int fewest, Action<string> warn)
    {
        var sections = SdkXmlFiles.Find(root, warn).Read(XmlDocParts.Summary);
        HashSet<string> types = [.. sections.Select(s => s.Topic)], seen = new(StringComparer.Ordinal);
        var examples = sections.Where(s => s.Topic.Contains('.', StringComparison.Ordinal))
            .Select(s => (Text: string.Join('\n', s.Paragraphs), s.Topic)).Where(s => seen.Add(s.Text))
            .Select(s => new Example(s.Text, null) { Labels = [Namespace(s.Topic, types)], Group = s.Topic, Place = s.Topic }).ToList();
        var counts = examples.CountBy(e => e.Labels[0], StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        examples.RemoveAll(e => counts[e.Labels[0]] < fewest);
        return examples.Count > 0 ? examples : throw new DataException($"data.text: the .NET SDK in {root} has no API documentation (*.xml in packs/*.Ref); "
            + "install an SDK that has it, or give files");
    }

    /// <summary>What stands before the name of a type, or of the one that it is nested in.</summary>
    private static string Namespace(string type, HashSet<string> types)
    {
        string outer = type;
        do outer = outer.LastIndexOf('.') is > 0 and int dot ? outer[..dot] : outer;
        while (types.Contains(outer) && outer.Contains('.', StringComparison.Ordinal));
        return outer;
    }
}
