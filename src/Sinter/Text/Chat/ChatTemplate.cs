using Sinter.Text.Templates;
using Sinter.Text.Templates.Values;

namespace Sinter.Text.Chat;

/// <summary>
/// How a model's chats are written as one text: a Jinja template out of <c>chat_template.jinja</c> or <c>tokenizer_config.json</c>, or a built-in one
/// (<see cref="ChatTemplates"/>). The text is that of transformers' <c>apply_chat_template</c>. Immutable; safe on several threads.
/// </summary>
public sealed class ChatTemplate
{
    private readonly Template _template;

    private ChatTemplate(string text, Template template) => (Text, _template) = (text, template);

    /// <summary>The template itself.</summary>
    public string Text { get; }

    /// <summary>Whether it marks what the assistant writes.</summary>
    public bool MarksGeneration => Text.Contains("generation", StringComparison.Ordinal) && Text.Contains("endgeneration", StringComparison.Ordinal);

    /// <summary>Reads a template.</summary>
    /// <param name="text">The template.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="TemplateException">It is no template, or uses what chat templates do not have; the message says where.</exception>
    public static ChatTemplate Parse(string text, string name = "chat template")
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text, Template.Parse(text, name));
    }

    /// <summary>Writes a chat.</summary>
    /// <param name="messages">The messages, in order.</param>
    /// <param name="options">What else the template is given.</param>
    /// <exception cref="TemplateException">The template refuses the messages (their roles or order), or fails.</exception>
    public ChatText Render(IEnumerable<ChatMessage> messages, ChatOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return Render([.. messages.Select(object? (m) => new TemplateDict { ["role"] = m.Role, ["content"] = m.Content })], null, options ?? new());
    }

    /// <summary>Writes a chat whose messages may have more fields than role and content.</summary>
    /// <param name="messages">Dicts.</param>
    /// <param name="tools">What the assistant can call, as the data has it; null where there is nothing.</param>
    /// <param name="options">What else the template is given.</param>
    internal ChatText Render(List<object?> messages, object? tools, ChatOptions options)
    {
        List<KeyValuePair<string, object?>> values =
            [new("messages", messages), new("tools", tools), new("documents", null), new("add_generation_prompt", options.AddGenerationPrompt)];
        values.AddRange(options.Tokens.All.Select(t => new KeyValuePair<string, object?>(t.Key, t.Value)));
        var rendered = _template.Render(values, now: options.Today is { } today ? () => today : null);
        return new(rendered.Text, rendered.Generated);
    }
}
