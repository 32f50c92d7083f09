using System.Globalization;
using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>What a <c>config.json</c> says of a model's head: the name in <c>architectures</c>, labels and problem.</summary>
internal static class HeadFormat
{
    private const string ClassifierSuffix = "ForSequenceClassification", Threshold = "label_threshold";
    private static readonly string[] s_languageModels = ["LMHeadModel", "ForCausalLM", "ForMaskedLM", "ForPreTraining", "Model", "DoubleHeadsModel"];
    private static readonly (ProblemKind Kind, string Name)[] s_problems = [(ProblemKind.SingleLabel, "single_label_classification"),
        (ProblemKind.MultiLabel, "multi_label_classification"), (ProblemKind.Regression, "regression")];

    /// <summary>The config with its head.</summary>
    /// <exception cref="CheckpointException">The head is not supported, or its labels are no list.</exception>
    public static ModelConfig Read(JsonFields fields, ModelConfig config)
    {
        string[] names = fields.Strings("architectures");
        string name = names.Length > 0 ? names[0] : "Model";
        var padding = fields.TokenId("pad_token_id", config.VocabSize) ?? config.PadTokenId;
        if (name.EndsWith(ClassifierSuffix, StringComparison.Ordinal))
        {
            var labels = Labels(fields);
            return config with
            {
                Head = ModelHead.Classifier,
                Labels = labels,
                Problem = Problem(fields, labels.Length),
                PadTokenId = padding,
                LabelThreshold = fields.Has(Threshold) ? fields.Probability(Threshold, 0.5) : null,
            };
        }
        if (!Array.Exists(s_languageModels, suffix => name.EndsWith(suffix, StringComparison.Ordinal)))
            throw fields.Wrong("architectures", $"{Quoted.Name(name)} has a head that is not supported; language models and {ClassifierSuffix} are.");
        return config with
        {
            Head = Architectures.Find(config.Architecture).IsCausal ? ModelHead.LanguageModel : ModelHead.MaskedLanguageModel,
            PadTokenId = padding,
        };
    }

    /// <summary>Writes <c>architectures</c>: <paramref name="family"/> and <paramref name="languageModel"/>, or the classifier of the family.</summary>
    public static void WriteName(Utf8JsonWriter json, ModelConfig config, string family, string languageModel)
    {
        json.WriteStartArray("architectures");
        json.WriteStringValue(family + (config.Head == ModelHead.Classifier ? ClassifierSuffix : languageModel));
        json.WriteEndArray();
    }

    /// <summary>Writes labels and problem of a classifier, and the token of padding where there is one.</summary>
    public static void Write(Utf8JsonWriter json, ModelConfig config)
    {
        if (config.PadTokenId is { } padding) json.WriteNumber("pad_token_id", padding);
        if (config is not { Head: ModelHead.Classifier, Labels: { } labels }) return;
        json.WriteString("problem_type", s_problems[(int)config.Problem].Name);
        if (config is { Problem: ProblemKind.MultiLabel, LabelThreshold: { } threshold }) json.WriteFloat(Threshold, threshold);
        json.WriteNumber("num_labels", labels.Count);
        json.WriteStartObject("id2label");
        for (int i = 0; i < labels.Count; i++) json.WriteString(i.ToString(CultureInfo.InvariantCulture), labels[i]);
        json.WriteEndObject();
        json.WriteStartObject("label2id");
        foreach (var (i, label) in labels.Index().DistinctBy(l => l.Item)) json.WriteNumber(label, i);
        json.WriteEndObject();
    }

    /// <summary><c>id2label</c>, or as many names as <c>num_labels</c> says, two without it, as transformers has it.</summary>
    private static string[] Labels(JsonFields fields)
    {
        if (fields.Object("id2label") is not { } object_)
            return [.. Enumerable.Range(0, fields.Count("num_labels", missing: 2, most: ConfigLimits.Size)).Select(i => $"LABEL_{i}")];
        var byId = new SortedDictionary<int, string>();
        foreach (var (key, value) in object_.All())
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || !byId.TryAdd(id, Text(value)))
                throw fields.Wrong("id2label", $"{Quoted.Name(key)} is not the id of one label");
        }
        return byId.Count > 0 && byId.Keys.Last() == byId.Count - 1 ? [.. byId.Values]
            : throw fields.Wrong("id2label", "the ids of labels are 0 and those after it, without a gap");
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.ToString();

    /// <summary>Without the key one number is a regression, as in transformers, and more are labels of which one is right.</summary>
    private static ProblemKind Problem(JsonFields fields, int labels)
    {
        if (!fields.Has("problem_type")) return labels == 1 ? ProblemKind.Regression : ProblemKind.SingleLabel;
        string name = fields.Text("problem_type");
        return Array.Find(s_problems, p => p.Name == name) is { Name: not null } found ? found.Kind
            : throw fields.Wrong("problem_type", $"{Quoted.Name(name)} is not known; there are: {string.Join(", ", s_problems.Select(p => p.Name))}.");
    }
}
