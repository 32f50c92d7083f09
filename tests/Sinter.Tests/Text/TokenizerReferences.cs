using System.Text;
using System.Text.Json;
using Sinter.Text;

namespace Sinter.Tests.Text;

/// <summary>The files in References/tokenizers, made by the script beside them.</summary>
internal static class TokenizerReferences
{
    public static readonly string Folder = Path.Combine(Root(), "tests", "Sinter.Tests", "References", "tokenizers");

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(Folder, name));

    public static string TrainingText() => Encoding.UTF8.GetString(Bytes("text.txt"));

    public static ITokenizer Tokenizer(string name) => Tokenizers.Read(Path.Combine(Folder, name + ".json"));

    /// <summary>The strings and the ids that Hugging Face's library gives for them.</summary>
    public static IEnumerable<(string Text, int[] Ids)> Cases(string tokenizer)
    {
        foreach (string line in Encoding.UTF8.GetString(Bytes("cases.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            yield return (json.RootElement.GetProperty("text").GetString()!,
                [.. json.RootElement.GetProperty(tokenizer).EnumerateArray().Select(i => i.GetInt32())]);
        }
    }

    /// <summary>The merges as a file holds them, "left right".</summary>
    public static string[] Merges(byte[] tokenizerJson)
    {
        using JsonDocument json = JsonDocument.Parse(tokenizerJson);
        return [.. json.RootElement.GetProperty("model").GetProperty("merges").EnumerateArray()
            .Select(m => m.ValueKind == JsonValueKind.String ? m.GetString()! : $"{m[0].GetString()} {m[1].GetString()}")];
    }

    /// <summary>The vocabulary as a file holds it.</summary>
    public static Dictionary<string, int> Vocabulary(byte[] tokenizerJson)
    {
        using JsonDocument json = JsonDocument.Parse(tokenizerJson);
        return json.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetInt32());
    }

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sinter.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tests run outside their repository");
    }
}
