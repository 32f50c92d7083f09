using System.Text.Json;
using Sinter.Text.Json;

namespace Sinter.Text.VocabularyFiles;

/// <summary>
/// What a model folder says about its tokenizer beside the vocabulary: <c>tokenizer_config.json</c>, the older <c>special_tokens_map.json</c> and
/// <c>added_tokens.json</c>, and the model's type in <c>config.json</c>. Each may be missing.
/// </summary>
internal sealed class TokenizerSettings
{
    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];
    private static readonly string[] ExtraLists = ["extra_special_tokens", "additional_special_tokens"];

    private readonly string _folder;
    private readonly JsonNodeReader? _config;
    private readonly Dictionary<string, TokenSpec?> _named = [];
    private readonly SortedDictionary<int, TokenSpec> _added = [];
    private readonly List<TokenSpec> _extra = [];

    /// <summary>Reads the files of a folder.</summary>
    /// <exception cref="CheckpointException">A file is damaged; the message names it.</exception>
    public TokenizerSettings(string folder)
    {
        _folder = folder;
        _config = Open("tokenizer_config.json");
        if (_config is not null) ReadTokens(_config, specialByDefault: false);
        if (_config?.Optional("added_tokens_decoder") is { } decoder) ReadDecoder(decoder);
        else ReadOlderFiles();
        Class = (_config?.OptionalString("tokenizer_class") ?? "").Replace("Fast", "", StringComparison.Ordinal);
        ModelType = Open("config.json")?.OptionalString("model_type") ?? "";
    }

    /// <summary>transformers' class of the tokenizer, without "Fast"; empty if the folder does not say.</summary>
    public string Class { get; }

    /// <summary>The model's type, such as <c>bert</c>; empty if the folder does not say.</summary>
    public string ModelType { get; }

    /// <summary>A switch of <c>tokenizer_config.json</c>.</summary>
    public bool Bool(string name, bool missing) => _config?.Bool(name, missing) ?? missing;

    /// <summary>A switch that may be left open.</summary>
    public bool? OptionalBool(string name) => _config?.Optional(name) is null ? null : _config.Bool(name);

    /// <summary>The token of a role, such as <c>cls_token</c>; <paramref name="missing"/> where the folder does not name one.</summary>
    public string Named(string role, string missing) => _named.TryGetValue(role, out TokenSpec? token) && token is not null ? token.Content : missing;

    /// <summary>The tokens to add, in the order in which transformers adds them.</summary>
    /// <param name="defaults">The tokenizer class's own tokens by role; the folder may name others, or none.</param>
    public List<TokenSpec> AddedTokens(IReadOnlyDictionary<string, string> defaults)
    {
        Dictionary<string, TokenSpec> described = [];
        foreach (TokenSpec token in _added.Values) described.TryAdd(token.Content, token);
        List<TokenSpec> named = [.. Roles.Concat(_named.Keys.Except(Roles)).Select(Find).OfType<TokenSpec>()];
        HashSet<string> names = [.. named.Select(t => t.Content)];
        IEnumerable<TokenSpec> all = _added.Values.Select(t => names.Contains(t.Content) ? t with { Special = true } : t).Concat(named).Concat(_extra);
        // A token that is added again, in another role, is found as it was described last.
        return [.. all.Where(t => t.Content.Length > 0).GroupBy(t => t.Content).Select(t => t.Last())];

        TokenSpec? Find(string role)
        {
            if (!_named.TryGetValue(role, out TokenSpec? token) && defaults.TryGetValue(role, out string? content))
                token = TokenSpec.Plain(content, special: true);
            return token is null ? null : (described.GetValueOrDefault(token.Content) ?? token) with { Special = true };
        }
    }

    private void ReadOlderFiles()
    {
        JsonNodeReader? map = Open("special_tokens_map.json");
        if (map is not null) ReadTokens(map, specialByDefault: true);
        if (Open("added_tokens.json") is not { } added) return;
        // transformers knows the list of the older file by its newer name only, when it looks which of these tokens are special.
        HashSet<string> special = [.. _named.Values.OfType<TokenSpec>().Concat(_extra).Select(t => t.Content)];
        if (map is not null) special.ExceptWith(Extra(map, ExtraLists[1]).Select(t => t.Content));
        _extra.RemoveAll(t => !special.Contains(t.Content));
        foreach (JsonNodeReader token in added.Members())
            AddDecoded(token.Int(0, TokenizerJsonReader.LargestVocabulary - 1), TokenSpec.Plain(token.Name, special.Contains(token.Name)), token);
    }

    private void ReadDecoder(JsonNodeReader decoder)
    {
        foreach (JsonNodeReader token in decoder.Members())
            AddDecoded(int.TryParse(token.Name, out int id) ? id : throw token.Error("the name is no id"), TokenSpec.Read(token, special: false), token);
    }

    private void AddDecoded(int id, TokenSpec token, JsonNodeReader node)
    {
        if (!_added.TryAdd(id, token)) throw node.Error($"another token has the id {id}");
    }

    private void ReadTokens(JsonNodeReader file, bool specialByDefault)
    {
        foreach (JsonNodeReader member in file.Members())
        {
            if (ExtraLists.Contains(member.Name)) _extra.AddRange(Extra(file, member.Name));
            else if (!member.Name.EndsWith("_token", StringComparison.Ordinal)) continue;
            else if (member.IsString || member.IsObject) _named[member.Name] = TokenSpec.Read(member, specialByDefault);
            else if (member.IsNull) _named[member.Name] = null;
        }
    }

    private static IEnumerable<TokenSpec> Extra(JsonNodeReader file, string list) =>
        file.Optional(list) is { IsArray: true } tokens ? tokens.Items().Select(i => TokenSpec.Read(i, special: true) with { Special = true }) : [];

    private JsonNodeReader? Open(string name)
    {
        string path = Path.Combine(_folder, name);
        if (!File.Exists(path)) return null;
        try
        {
            JsonDocument document = JsonDocument.Parse(VocabularyText.Bytes(path), new() { AllowDuplicateProperties = false });
            return new(path, "", document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"{path}: it is not JSON: {e.Message}", e);
        }
    }
}
