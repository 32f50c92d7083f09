using Sinter.Data.Chats;
using Sinter.Text.Chat;
using Sinter.Text.Templates.Values;

namespace Sinter.Data.Sdk;

/// <summary>
/// Questions about the .NET SDK's own APIs, each with the first paragraph of its documentation as the answer: <c>sdk-docs-questions</c>. An answer that occurs again is
/// dropped, and those of a type are in one part, so that nothing validated was trained on.
/// </summary>
internal static class SdkQuestions
{
    private const int LongestAnswer = 400;

    /// <summary>The chats, in the order of packs and files.</summary>
    /// <exception cref="DataException">There is no SDK, or no documentation in it.</exception>
    public static List<ChatExample> Read(Action<string> warn)
    {
        string root = SdkLocator.Find() ?? throw new DataException($"data.text: {BuiltInSources.SdkDocsQuestions} needs the .NET SDK, which is in none of "
            + $"{string.Join(", ", SdkLocator.Candidates().Distinct())}; install it, set DOTNET_ROOT, or give files");
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<ChatExample> chats = [.. SdkXmlFiles.Find(root, warn).Read(XmlDocParts.Summary).Where(s => IsSentence(s.Paragraphs[0]) && seen.Add(s.Paragraphs[0])).Select(Chat)];
        return chats.Count > 0 ? chats : throw new DataException($"data.text: the .NET SDK in {root} has no API documentation (*.xml in packs/*.Ref); "
            + "install an SDK that has it, or give files");
    }

    private static bool IsSentence(string paragraph) => paragraph.Length <= LongestAnswer && paragraph.EndsWith('.') && char.IsUpper(paragraph[0]);

    private static ChatExample Chat(SdkSection section) =>
        new([Message(ChatMessage.User, $"What does {section.Heading} do?"), Message(ChatMessage.Assistant, section.Paragraphs[0])], null,
            $"{BuiltInSources.SdkDocsQuestions}: {section.Heading}", section.Topic);

    private static TemplateDict Message(string role, string content) => new() { ["role"] = role, ["content"] = content };
}
