using System.Text.Json.Nodes;
using Sinter.Text.BytePair;
using Sinter.Text.Json;

namespace Sinter.Text.VocabularyFiles;

/// <summary>
/// Tokenizers of model folders without a <c>tokenizer.json</c>: BERT's <c>vocab.txt</c>, and the <c>vocab.json</c> and <c>merges.txt</c> of GPT-2 and
/// RoBERTa. The content of the <c>tokenizer.json</c> that transformers makes of them is put together, and that is read like any other.
/// </summary>
internal static class VocabularyFolder
{
    private const string Lines = "vocab.txt", Ids = "vocab.json", Merges = "merges.txt";

    /// <summary>Whether a folder has such files.</summary>
    public static bool IsOne(string folder) => Has(folder, Lines) || Has(folder, Ids) && Has(folder, Merges);

    /// <summary>Puts the folder's <c>tokenizer.json</c> together.</summary>
    /// <exception cref="CheckpointException">A file is damaged, or the tokenizer is of a class that is not supported.</exception>
    public static byte[] Compose(string folder)
    {
        TokenizerSettings settings = new(folder);
        string family = Family(folder, settings);
        if (!Has(folder, family == "bert" ? Lines : Merges))
            throw new CheckpointException($"{folder}: the tokenizer of a {family} model is in {(family == "bert" ? Lines : $"{Ids} and {Merges}")}, which is missing");
        JsonObject file = family switch
        {
            "bert" => Bert(folder, settings),
            "roberta" => Roberta(folder, settings),
            _ => Gpt2(folder, settings),
        };
        return TokenizerParts.Bytes(file);
    }

    private static string Family(string folder, TokenizerSettings settings) => settings.Class switch
    {
        "BertTokenizer" or "DistilBertTokenizer" => "bert",
        "RobertaTokenizer" => "roberta",
        "GPT2Tokenizer" => "gpt2",
        "" or "PreTrainedTokenizer" or "TokenizersBackend" => settings.ModelType switch
        {
            "bert" or "distilbert" => "bert",
            "roberta" or "gpt2" => settings.ModelType,
            _ => Has(folder, Lines) ? "bert" : "gpt2",
        },
        _ => throw new CheckpointException($"{folder}: tokenizer_config.json: the tokenizer is a {settings.Class}, whose files can't be read; BertTokenizer, "
            + "GPT2Tokenizer and RobertaTokenizer can. Have transformers write a tokenizer.json: AutoTokenizer.from_pretrained(…).save_pretrained(…)"),
    };

    private static JsonObject Bert(string folder, TokenizerSettings settings)
    {
        Dictionary<string, string> names = new()
        {
            ["unk_token"] = "[UNK]", ["sep_token"] = "[SEP]", ["pad_token"] = "[PAD]", ["cls_token"] = "[CLS]", ["mask_token"] = "[MASK]",
        };
        AddedIds added = new(VocabularyText.Tokens(Path.Combine(folder, Lines)), settings.AddedTokens(names));
        TemplateItem start = new(settings.Named("cls_token", "[CLS]"), 0), end = new(settings.Named("sep_token", "[SEP]"), 0);
        TemplateItem first = new("A", 0, IsText: true), second = new("B", 1, IsText: true);
        JsonObject template = TokenTemplate.Write([start, first, end], [start, first, end, second, end with { Segment = 1 }], added.IdOf);
        JsonObject normalizer = TokenizerParts.BertNormalizer(settings.Bool("do_lower_case", missing: true),
            settings.Bool("tokenize_chinese_chars", missing: true), settings.OptionalBool("strip_accents"));
        return TokenizerParts.File(TokenizerParts.WordPiece(added.Vocabulary(), settings.Named("unk_token", "[UNK]")), added.ToJson(), normalizer,
            TokenizerParts.BertPreTokenizer(), template, TokenizerParts.WordPieceDecoder());
    }

    private static JsonObject Gpt2(string folder, TokenizerSettings settings)
    {
        const string end = BytePairTokenizer.EndOfText;
        AddedIds added = new(VocabularyText.Ids(Path.Combine(folder, Ids)), settings.AddedTokens(new Dictionary<string, string>
        {
            ["unk_token"] = end, ["bos_token"] = end, ["eos_token"] = end,
        }));
        List<TemplateItem> first = Around(settings, new("A", 0, IsText: true)), second = Around(settings, new("B", 1, IsText: true));
        return BytePair(folder, added, settings.Bool("add_prefix_space", missing: false),
            TokenTemplate.Write(first, [.. first, .. second], added.IdOf));
    }

    private static List<TemplateItem> Around(TokenizerSettings settings, TemplateItem text)
    {
        List<TemplateItem> items = [text];
        if (settings.Bool("add_bos_token", missing: false)) items.Insert(0, new(settings.Named("bos_token", BytePairTokenizer.EndOfText), text.Segment));
        if (settings.Bool("add_eos_token", missing: false)) items.Add(new(settings.Named("eos_token", BytePairTokenizer.EndOfText), text.Segment));
        return items;
    }

    private static JsonObject Roberta(string folder, TokenizerSettings settings)
    {
        AddedIds added = new(VocabularyText.Ids(Path.Combine(folder, Ids)), settings.AddedTokens(new Dictionary<string, string>
        {
            ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["unk_token"] = "<unk>", ["sep_token"] = "</s>", ["pad_token"] = "<pad>",
            ["cls_token"] = "<s>", ["mask_token"] = "<mask>",
        }));
        string separator = settings.Named("sep_token", "</s>"), start = settings.Named("cls_token", "<s>");
        bool space = settings.Bool("add_prefix_space", missing: false);
        return BytePair(folder, added, space, TokenizerParts.RobertaProcessing((separator, added.IdOf(separator)), (start, added.IdOf(start)),
            settings.Bool("trim_offsets", missing: true), space));
    }

    private static JsonObject BytePair(string folder, AddedIds added, bool addPrefixSpace, JsonObject postProcessor)
    {
        JsonArray merges = [];
        foreach ((string left, string right) in VocabularyText.Merges(Path.Combine(folder, Merges)))
            merges.Add((JsonNode)new JsonArray(left, right));
        return TokenizerParts.File(TokenizerParts.BytePair(added.Vocabulary(), merges), added.ToJson(), null,
            TokenizerParts.ByteLevel(addPrefixSpace), postProcessor, TokenizerParts.ByteLevel(addPrefixSpace: true));
    }

    private static bool Has(string folder, string file) => File.Exists(Path.Combine(folder, file));
}
