using System.Text.Json;
using Sinter.Text.Chat;
using Sinter.Text.Templates.Values;

namespace Sinter.Data.Chats;

/// <summary>Reads a chat out of a line of JSON.</summary>
internal static class ChatLine
{
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>The chat of a line.</summary>
    /// <exception cref="DataException">The line is no chat; the message says where and what.</exception>
    public static ChatExample Read(ReadOnlyMemory<byte> line, ChatColumns columns, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(line, s_strict);
            return Read(document.RootElement, columns, place);
        }
        // GetString throws InvalidOperationException for an escaped surrogate without its other half.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataException($"{place}: the line is not a JSON object: {e.Message}", e);
        }
    }

    private static ChatExample Read(JsonElement root, ChatColumns columns, string place)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new DataException($"{place}: the line is not a JSON object");
        object? tools = root.TryGetProperty("tools", out var found) ? ValueJson.Of(found) : null;
        if (root.TryGetProperty(columns.Messages, out var messages)) return new(Messages(messages, columns.Messages, place), tools, place);
        if (root.TryGetProperty(columns.Prompt, out var prompt) && root.TryGetProperty(columns.Completion, out var completion))
            return new([.. Turns(prompt, ChatMessage.User, columns.Prompt, place), .. Turns(completion, ChatMessage.Assistant, columns.Completion, place)], tools, place);
        string names = string.Join(", ", root.EnumerateObject().Take(8).Select(p => p.Name));
        throw new DataException($"{place}: the line has neither '{columns.Messages}' nor '{columns.Prompt}' and '{columns.Completion}'; it has {(names.Length == 0 ? "nothing" : names)}; "
            + "name the fields with task.messages, or task.prompt and task.completion");
    }

    private static List<object?> Turns(JsonElement value, string role, string column, string place) => value.ValueKind switch
    {
        JsonValueKind.String => [new TemplateDict { ["role"] = role, ["content"] = value.GetString() }],
        JsonValueKind.Array => Messages(value, column, place),
        _ => throw new DataException($"{place}: '{column}' is neither a text nor a list of messages"),
    };

    private static List<object?> Messages(JsonElement value, string column, string place)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0) throw new DataException($"{place}: '{column}' is no list of messages");
        List<object?> messages = [];
        foreach (var item in value.EnumerateArray())
        {
            string where = $"{place}: {column}[{messages.Count}]";
            if (item.ValueKind != JsonValueKind.Object) throw new DataException($"{where} is no message with role and content");
            var message = (TemplateDict)ValueJson.Of(item)!;
            if (!message.TryFind("role", out object? role) || role is not string { Length: > 0 }) throw new DataException($"{where} has no 'role' that is a text");
            if (!message.TryFind("content", out _)) throw new DataException($"{where} has no 'content'");
            messages.Add(message);
        }
        return messages;
    }
}
