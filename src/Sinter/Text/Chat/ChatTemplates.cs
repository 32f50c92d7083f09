using System.Collections.Concurrent;

namespace Sinter.Text.Chat;

/// <summary>The built-in chat templates, for models that come without one.</summary>
public static class ChatTemplates
{
    private static readonly ConcurrentDictionary<string, ChatTemplate> s_read = new(StringComparer.Ordinal);

    /// <summary>The names. <c>plain</c> needs no token but the one that ends texts.</summary>
    public static IReadOnlyList<string> Names { get; } = ["chatml", "gemma", "llama2", "llama3", "mistral", "phi3", "plain", "qwen"];

    /// <summary>A template by name.</summary>
    /// <exception cref="SinterException">There is none of this name.</exception>
    public static ChatTemplate Get(string name) => Names.Contains(name)
        ? s_read.GetOrAdd(name, static n => ChatTemplate.Parse(Read(n), $"the built-in chat template {n}"))
        : throw new SinterException($"'{name}' is neither a chat template's file nor a built-in one; there are {string.Join(", ", Names)}.");

    /// <summary>A template by name, or out of a file.</summary>
    /// <exception cref="SinterException">There is neither; the message lists the names.</exception>
    /// <exception cref="Templates.TemplateException">The file is no template.</exception>
    public static ChatTemplate Find(string nameOrFile)
    {
        if (Names.Contains(nameOrFile) || !File.Exists(nameOrFile)) return Get(nameOrFile);
        try
        {
            return ChatTemplate.Parse(File.ReadAllText(nameOrFile), nameOrFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{nameOrFile}: the chat template can't be read: {e.Message}", e);
        }
    }

    private static string Read(string name)
    {
        using var stream = typeof(ChatTemplates).Assembly.GetManifestResourceStream($"{name}.jinja") ?? throw new InvalidOperationException($"The library has no {name}.jinja.");
        return new StreamReader(stream).ReadToEnd();
    }
}
