using System.Text.Json;
using Sinter.Text.Templates.Values;

namespace Sinter.Tests.Text.Templates;

/// <summary>The files in References/templates, made by the script beside them with transformers and Jinja2.</summary>
internal static class TemplateReferences
{
    /// <summary>The root of a file.</summary>
    public static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "References", "templates", name)));
        return document.RootElement.Clone();
    }

    /// <summary>The names that the templates of the battery may use.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Values(JsonElement battery) =>
        ((TemplateDict)ValueJson.Of(battery.GetProperty("values"))!).Select(p => new KeyValuePair<string, object?>((string)p.Key, p.Value));

    /// <summary>The texts of a list.</summary>
    public static List<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(t => t.GetString()!)];
}
