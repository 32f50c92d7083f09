using System.Text.Json;
using Sinter.Models;

namespace Sinter.Checkpoints;

/// <summary>The tokenizer's files of a model folder.</summary>
public static class TokenizerFiles
{
    /// <summary>The name of the tokenizer itself, as the <c>tokenizers</c> library writes it.</summary>
    public const string FileName = "tokenizer.json";

    /// <summary>The name of the file that tells <c>transformers</c> which class reads it.</summary>
    public const string ConfigFileName = "tokenizer_config.json";

    /// <summary>Writes <c>tokenizer.json</c> as it is and a <c>tokenizer_config.json</c> with which <c>AutoTokenizer</c> opens it.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="tokenizer">The content of <c>tokenizer.json</c>.</param>
    /// <param name="config">The model, for its context length and its special tokens.</param>
    /// <returns>Length and hash of both, by file name.</returns>
    /// <exception cref="CheckpointException">A file can't be written, or <paramref name="tokenizer"/> is not JSON.</exception>
    public static IReadOnlyDictionary<string, FileHash> Write(string folder, ReadOnlyMemory<byte> tokenizer, ModelConfig config)
    {
        string path = Path.Combine(folder, FileName);
        string? Token(int? id) => id is { } value ? Content(path, tokenizer, value) : null;
        string? bos = Token(config.BosTokenId), eos = Token(config.EosTokenId);
        return new Dictionary<string, FileHash>
        {
            [FileName] = DurableFile.Write(path, tokenizer),
            [ConfigFileName] = JsonFile.Write(Path.Combine(folder, ConfigFileName), json =>
            {
                json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
                json.WriteNumber("model_max_length", config.ContextLength);
                json.WriteBoolean("clean_up_tokenization_spaces", false);
                if (bos is not null)
                    json.WriteString("bos_token", bos);
                if (eos is not null)
                    json.WriteString("eos_token", eos);
            }),
        };
    }

    private static string? Content(string path, ReadOnlyMemory<byte> tokenizer, int id)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(tokenizer);
            if (!document.RootElement.TryGetProperty("added_tokens", out JsonElement added))
                return null;
            foreach (JsonElement token in added.EnumerateArray())
            {
                if (token.GetProperty("id").GetInt64() == id)
                    return token.GetProperty("content").GetString();
            }
            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new CheckpointException($"{path}: the tokenizer is not a tokenizer.json: {error.Message}", error);
        }
    }
}
