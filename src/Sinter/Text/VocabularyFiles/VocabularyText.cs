using System.Text;
using System.Text.Json;
using Sinter.Text.Json;

namespace Sinter.Text.VocabularyFiles;

/// <summary>Reads <c>vocab.txt</c>, <c>vocab.json</c> and <c>merges.txt</c>.</summary>
internal static class VocabularyText
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>A file's content.</summary>
    /// <exception cref="CheckpointException">The file can't be read or is too large.</exception>
    public static byte[] Bytes(string path)
    {
        try
        {
            long length = new FileInfo(path).Length;
            if (length > Tokenizers.LargestFile) throw new CheckpointException($"{path}: {length} bytes is more than a tokenizer has; is it the right file?");
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: the file can't be read: {e.Message}", e);
        }
    }

    /// <summary>A token a line; the id is the line's number. Of equal tokens the last counts.</summary>
    public static Dictionary<string, int> Tokens(string path)
    {
        Dictionary<string, int> tokens = new(StringComparer.Ordinal);
        int id = 0;
        foreach (string line in Lines(path))
        {
            if (id == TokenizerJsonReader.LargestVocabulary) throw new CheckpointException($"{path}: more than {id} lines is no vocabulary");
            tokens[line.TrimEnd()] = id++;
        }
        return tokens;
    }

    /// <summary>The ids of an object of ids by token.</summary>
    public static Dictionary<string, int> Ids(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Bytes(path), new() { AllowDuplicateProperties = false });
            return new JsonNodeReader(path, "", document.RootElement).Members()
                .ToDictionary(m => m.Name, m => m.Int(0, TokenizerJsonReader.LargestVocabulary - 1), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"{path}: it is not a JSON object of ids: {e.Message}", e);
        }
    }

    /// <summary>Two tokens a line, the first merge first; a line that begins with <c>#version</c> is none.</summary>
    public static IEnumerable<(string Left, string Right)> Merges(string path)
    {
        int number = 0;
        foreach (string line in Lines(path))
        {
            number++;
            if (line.StartsWith("#version", StringComparison.Ordinal)) continue;
            yield return line.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right)
                : throw new CheckpointException($"{path}, line {number}: expected two tokens and a space between them, found \"{Shortened(line)}\"");
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        string text;
        try
        {
            text = Strict.GetString(Bytes(path));
        }
        catch (ArgumentException e)
        {
            throw new CheckpointException($"{path}: the text is not UTF-8: {e.Message}", e);
        }
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start), next = end < 0 ? text.Length : end + 1;
            string line = text[start..(end < 0 ? text.Length : end)];
            yield return end >= 0 && line.EndsWith('\r') ? line[..^1] : line;
            start = next;
        }
    }

    private static string Shortened(string line) => line.Length <= 60 ? line : line[..60] + "…";
}
