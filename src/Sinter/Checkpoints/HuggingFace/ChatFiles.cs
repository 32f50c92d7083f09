using System.Text;
using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Text.Chat;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>What a model folder says about chats: its template and its special tokens.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="TemplateText">The template; null where there is none.</param>
/// <param name="Tokens">The special tokens.</param>
public sealed record ChatFiles(string Folder, string? TemplateText, ChatTokens Tokens)
{
    /// <summary>The name of the template's file, as transformers writes it.</summary>
    public const string FileName = "chat_template.jinja";

    private static readonly string[] s_tokens = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>The template.</summary>
    /// <exception cref="CheckpointException">The folder has none.</exception>
    /// <exception cref="Text.Templates.TemplateException">It is no template that can be read.</exception>
    public ChatTemplate Template() => TemplateText is { } text ? ChatTemplate.Parse(text, Path.Combine(Folder, FileName))
        : throw new CheckpointException($"{Folder}: the model has no chat template ({FileName}, or chat_template in {TokenizerFiles.ConfigFileName}). "
            + $"Name a built-in one ({string.Join(", ", ChatTemplates.Names)}) or a file.");

    /// <summary>Reads a folder's files.</summary>
    /// <exception cref="CheckpointException">A file is damaged or can't be read.</exception>
    public static ChatFiles Read(string folder)
    {
        string config = Path.Combine(folder, TokenizerFiles.ConfigFileName), own = Path.Combine(folder, FileName);
        string? template = File.Exists(own) ? ReadText(own) : null;
        if (!File.Exists(config)) return new(folder, template, new());
        using var document = JsonFile.Read(config);
        return new(folder, template ?? Template(document.RootElement, config), new(TokensOf(document.RootElement)));
    }

    /// <summary>The files to write next to a model that has this template.</summary>
    public static IReadOnlyDictionary<string, byte[]> ToWrite(string? template) =>
        template is null ? new Dictionary<string, byte[]>() : new Dictionary<string, byte[]> { [FileName] = Encoding.UTF8.GetBytes(template) };

    private static string ReadText(string path)
    {
        try
        {
            return new FileInfo(path).Length <= Text.Templates.TemplateSource.Longest ? File.ReadAllText(path)
                : throw new CheckpointException($"{path}: the file is larger than a chat template can be. Check that it is the right file.");
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            throw FileErrors.Explain(error, "reading", path);
        }
    }

    // One template, or a list of named ones, of which "default" is for chats without tools.
    private static string? Template(JsonElement config, string path)
    {
        if (!config.TryGetProperty("chat_template", out var found) || found.ValueKind == JsonValueKind.Null) return null;
        if (found.ValueKind == JsonValueKind.String) return found.GetString();
        if (found.ValueKind == JsonValueKind.Array)
            foreach (var item in found.EnumerateArray())
                if (item.ValueKind == JsonValueKind.Object && TextOf(item, "name") == "default" && TextOf(item, "template") is { } template) return template;
        throw new CheckpointException($"{path}: 'chat_template': a text was expected, or a list of templates with one named default, and {JsonFile.Kind(found)} found");
    }

    private static IEnumerable<KeyValuePair<string, string>> TokensOf(JsonElement config)
    {
        foreach (string name in s_tokens)
            if (config.TryGetProperty(name, out var token) && (token.ValueKind == JsonValueKind.Object ? TextOf(token, "content") : TextOf(config, name)) is { } text)
                yield return new(name, text);
    }

    private static string? TextOf(JsonElement value, string name) => value.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
}
