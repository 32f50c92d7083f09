using Sinter.Models;
using Sinter.Text;

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
    /// <param name="config">The model, for its context length, and for its first and last token of a text where the tokenizer has none.</param>
    /// <param name="special">The tokenizer's special tokens; null has them found by their usual names.</param>
    /// <returns>Length and hash of both, by file name.</returns>
    /// <exception cref="CheckpointException">A file can't be written, or <paramref name="tokenizer"/> is no tokenizer.</exception>
    public static IReadOnlyDictionary<string, FileHash> Write(string folder, ReadOnlyMemory<byte> tokenizer, ModelConfig config,
        SpecialTokens? special = null)
    {
        string path = Path.Combine(folder, FileName);
        ITokenizer read = Tokenizers.Read(tokenizer, path);
        SpecialTokens ids = special ?? read.SpecialTokens;
        return new Dictionary<string, FileHash>
        {
            [FileName] = DurableFile.Write(path, tokenizer),
            [ConfigFileName] = JsonFile.Write(Path.Combine(folder, ConfigFileName), json =>
            {
                json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
                json.WriteNumber("model_max_length", config.ContextLength);
                json.WriteBoolean("clean_up_tokenization_spaces", false);
                Name("bos_token", config.BosTokenId ?? ids.Bos);
                Name("eos_token", config.EosTokenId ?? ids.Eos);
                Name("unk_token", ids.Unk);
                Name("sep_token", ids.Sep);
                Name("pad_token", ids.Pad);
                Name("cls_token", ids.Cls);
                Name("mask_token", ids.Mask);

                void Name(string role, int? id)
                {
                    if (id is { } value && read.TokenOf(value) is { Length: > 0 } token) json.WriteString(role, token);
                }
            }),
        };
    }
}
