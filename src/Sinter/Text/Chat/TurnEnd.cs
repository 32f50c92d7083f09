using Sinter.Text.Templates;

namespace Sinter.Text.Chat;

/// <summary>What a template writes behind an assistant's answer: where the model's turn ends.</summary>
internal static class TurnEnd
{
    private const string Answer = "Answer-7305";

    /// <summary>The first word behind an answer; null where there is none.</summary>
    public static string? Of(ChatTemplate template, ChatOptions options)
    {
        try
        {
            string text = template.Render([new(ChatMessage.User, "Question"), new(ChatMessage.Assistant, Answer)], options with { AddGenerationPrompt = false }).Text;
            int at = text.LastIndexOf(Answer, StringComparison.Ordinal);
            string[] words = at < 0 ? [] : text[(at + Answer.Length)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return words is [var first, ..] ? first : null;
        }
        // A template that takes no such chat says so when the chat begins.
        catch (TemplateException)
        {
            return null;
        }
    }
}
