using Sinter.Text.Templates;
using Sinter.Text.Templates.Values;

namespace Sinter.Text.Chat;

/// <summary>Which parts of a chat's text are the assistant's turns: where the template marks them (<c>{% generation %}</c>), those; else what each turn adds to the
/// text of the messages before it.</summary>
/// <param name="template">The template.</param>
/// <param name="options">What the template is given; without a generation prompt.</param>
internal sealed class TrainedTurns(ChatTemplate template, ChatOptions options)
{
    /// <summary>The text of a chat, and the assistant's parts.</summary>
    /// <exception cref="TemplateException">The template refuses the messages.</exception>
    /// <exception cref="DataException">The text of the first messages is no beginning of the whole.</exception>
    public ChatText Render(List<object?> messages, object? tools)
    {
        var whole = template.Render(messages, tools, options);
        return template.MarksGeneration ? whole : whole with { Generated = [.. Turns(messages, tools, whole.Text)] };
    }

    private IEnumerable<Range> Turns(List<object?> messages, object? tools, string whole)
    {
        for (int i = 0; i < messages.Count; i++)
        {
            if (messages[i] is not TemplateDict message || !message.TryFind("role", out object? role) || role is not ChatMessage.Assistant) continue;
            if (i == 0) throw new DataException("the chat begins with the assistant, and the template does not mark what it writes ({% generation %}); begin with a question");
            string before = template.Render(messages[..i], tools, options with { AddGenerationPrompt = true }).Text;
            int end = End(template.Render(messages[..(i + 1)], tools, options).Text, whole, i);
            if (!whole.StartsWith(before, StringComparison.Ordinal)) throw Differs(i);
            yield return before.Length..Math.Max(before.Length, end);
        }
    }

    /// <summary>Where the turn ends. Some templates end the whole text with a token that is not there when more follows.</summary>
    private int End(string after, string whole, int message)
    {
        if (whole.StartsWith(after, StringComparison.Ordinal)) return after.Length;
        string shorter = options.Tokens.EndToken is { } end && after.TrimEnd().EndsWith(end, StringComparison.Ordinal) ? after.TrimEnd()[..^end.Length] : after;
        return shorter.Length < after.Length && whole.StartsWith(shorter, StringComparison.Ordinal) ? shorter.Length : throw Differs(message);
    }

    private static DataException Differs(int message) => new($"the template writes the first messages otherwise once more follow (message {message}), so what the assistant writes can't "
        + "be told from the rest; take a template that marks it with {% generation %}, such as a built-in one (task.chat_template)");
}
