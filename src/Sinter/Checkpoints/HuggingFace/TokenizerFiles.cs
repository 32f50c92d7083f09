using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;
using Sinter.Text;
using Sinter.Text.Json;

namespace Sinter.Checkpoints.HuggingFace;

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
    /// <param name="config">The model, for its context length, and for the first and the last token of a text.</param>
    /// <param name="special">The tokenizer's other special tokens; null has them found by their usual names.</param>
    /// <returns>Length and hash of both, by file name.</returns>
    /// <exception cref="CheckpointException">A file can't be written, or <paramref name="tokenizer"/> is not JSON.</exception>
    public static IReadOnlyDictionary<string, FileHash> Write(string folder, ReadOnlyMemory<byte> tokenizer, ModelConfig config,
        SpecialTokens? special = null)
    {
        string path = Path.Combine(folder, FileName);
        Dictionary<int, string> added = Added(path, tokenizer);
        special ??= SpecialTokensReader.Guess([.. added.Select(a => new AddedToken(a.Key, a.Value, Special: true))]);
        return new Dictionary<string, FileHash>
        {
            [FileName] = DurableFile.Write(path, tokenizer),
            [ConfigFileName] = JsonFile.Write(Path.Combine(folder, ConfigFileName), json =>
            {
                json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
                json.WriteNumber("model_max_length", config.ContextLength);
                json.WriteBoolean("clean_up_tokenization_spaces", false);
                Name("bos_token", config.BosTokenId);
                Name("eos_token", config.EosTokenId);
                Name("unk_token", special.Unk);
                Name("sep_token", special.Sep);
                Name("pad_token", special.Pad);
                Name("cls_token", special.Cls);
                Name("mask_token", special.Mask);

                void Name(string role, int? id)
                {
                    if (id is { } value && added.TryGetValue(value, out string? content)) json.WriteString(role, content);
                }
            }),
        };
    }

    private static Dictionary<int, string> Added(string path, ReadOnlyMemory<byte> tokenizer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(tokenizer);
            Dictionary<int, string> added = [];
            if (document.RootElement.TryGetProperty("added_tokens", out JsonElement tokens))
                foreach (JsonElement token in tokens.EnumerateArray()) added[token.GetProperty("id").GetInt32()] = token.GetProperty("content").GetString() ?? "";
            return added;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new CheckpointException($"{path}: the tokenizer is not a tokenizer.json: {error.Message}", error);
        }
    }
}
