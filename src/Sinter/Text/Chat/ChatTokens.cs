namespace Sinter.Text.Chat;

/// <summary>The texts of a tokenizer's special tokens by their names in <c>tokenizer_config.json</c> (<c>bos_token</c>, <c>eos_token</c>, …), which chat templates
/// write.</summary>
public sealed class ChatTokens
{
    /// <summary>The name of the token that begins a text.</summary>
    public const string Begin = "bos_token";

    /// <summary>The name of the token that ends a text.</summary>
    public const string End = "eos_token";

    /// <summary>Takes the texts by name.</summary>
    public ChatTokens(IEnumerable<KeyValuePair<string, string>>? tokens = null) => All = new Dictionary<string, string>(tokens ?? [], StringComparer.Ordinal);

    /// <summary>The texts by name.</summary>
    public IReadOnlyDictionary<string, string> All { get; }

    /// <summary>The token that ends a text, if there is one.</summary>
    public string? EndToken => All.GetValueOrDefault(End);

    /// <summary>The tokens of a tokenizer that has one token between texts: it begins and ends them.</summary>
    public static ChatTokens Of(ITokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        if (tokenizer.EndOfTextId is not { } id) return new();
        string text = tokenizer.Decode([id]);
        return new([new(Begin, text), new(End, text)]);
    }
}
