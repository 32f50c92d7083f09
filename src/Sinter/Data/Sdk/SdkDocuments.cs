using System.Text;

namespace Sinter.Data.Sdk;

/// <summary>Puts sections of the same topic together.</summary>
internal static class SdkDocuments
{
    /// <summary>
    /// The documents by topic in ordinal order. Of equal paragraphs only the first stays, and of a section without paragraphs nothing, so no text is
    /// in two documents but headings.
    /// </summary>
    public static List<SdkDocument> Group(IEnumerable<SdkSection> sections)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<SdkDocument> documents = [];
        foreach (var topic in sections.GroupBy(s => s.Topic, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            StringBuilder text = new();
            foreach (SdkSection section in topic) Append(text, section, seen);
            if (text.Length > 0) documents.Add(new(topic.Key, text.ToString()));
        }
        return documents;
    }

    private static void Append(StringBuilder text, SdkSection section, HashSet<string> seen)
    {
        bool headed = false;
        foreach (string paragraph in section.Paragraphs)
        {
            if (!seen.Add(paragraph)) continue;
            if (!headed) text.Append(text.Length == 0 ? "" : "\n").Append(section.Heading).Append('\n');
            headed = true;
            text.Append(paragraph).Append('\n');
        }
    }
}
