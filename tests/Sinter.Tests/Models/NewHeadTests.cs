using System.Runtime.InteropServices;
using Sinter.Checkpoints;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Safetensors;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tests.Checkpoints;

namespace Sinter.Tests.Models;

/// <summary>A model whose head is not the one that its weights were trained with.</summary>
public sealed class NewHeadTests
{
    [Theory]
    [InlineData("bert-masked", "classifier.", "bert.pooler."), InlineData("roberta-masked", "classifier."), InlineData("distilbert-masked", "classifier.", "pre_classifier."),
        InlineData("gpt2-tiny", "score."), InlineData("llama-tiny", "score."), InlineData("bert-labels", "classifier.")]
    public void The_backbone_is_read_and_the_head_begins_anew(string name, params string[] fresh)
    {
        using var device = new CpuDevice(2);
        var source = ModelFolder.Load(Reference.Folder(name), device).Model;
        var config = source.Config with { Head = ModelHead.Classifier, Labels = ["a", "b", "c", "d", "e"] };
        var (model, untrained) = (Architectures.BuildModel(config, device, 7), Architectures.BuildModel(config, device, 7));
        ModelFolder.LoadWeights(Reference.Folder(name), model);
        var known = source.Parameters.ToDictionary(p => p.Name, p => p.Value.ToArray());
        foreach (var (parameter, first) in model.Parameters.Zip(untrained.Parameters))
        {
            bool isFresh = fresh.Any(part => parameter.Name.StartsWith(part, StringComparison.Ordinal));
            Assert.Equal(isFresh ? first.Value.ToArray() : known[parameter.Name], parameter.Value.ToArray());
        }
    }

    /// <summary>As the first BERT stands on the Hub: gamma and beta, both heads of pretraining, the pooler, and a buffer of places.</summary>
    [Fact]
    public void A_checkpoint_of_pretraining_gives_its_language_model_and_its_pooler()
    {
        using var device = new CpuDevice(2);
        using var folder = new TempFolder();
        ITrainedModel want = ModelFolder.Load(Reference.Folder("bert-masked"), device).Model, labels = ModelFolder.Load(Reference.Folder("bert-labels"), device).Model;
        Parameter[] pooler = [.. labels.Parameters.Where(p => p.Name.StartsWith("bert.pooler.", StringComparison.Ordinal))];
        SafetensorsWriter.Write(Path.Combine(folder.Path, "model.safetensors"), [
            .. want.Parameters.Concat(pooler).Select(Stored),
            Zeros("cls.seq_relationship.weight", 2, 18), Zeros("cls.seq_relationship.bias", 2), Zeros("cls.predictions.decoder.weight", 53, 18),
            Zeros("cls.predictions.decoder.bias", 53), Zeros("bert.embeddings.position_ids", 1, 15)]);
        string config = File.ReadAllText(Path.Combine(Reference.Folder("bert-masked"), "config.json"));
        File.WriteAllText(Path.Combine(folder.Path, "config.json"), config.Replace("BertForMaskedLM", "BertForPreTraining", StringComparison.Ordinal));

        var model = ModelFolder.Load(folder.Path, device).Model;
        Assert.Equal(want.Parameters.SelectMany(p => p.Value.ToArray()), model.Parameters.SelectMany(p => p.Value.ToArray()));
        var classifier = Architectures.BuildModel(model.Config with { Head = ModelHead.Classifier, Labels = ["a", "b"] }, device);
        ModelFolder.LoadWeights(folder.Path, classifier);
        Assert.Equal(2, pooler.Length);
        foreach (var part in pooler) Assert.Equal(part.Value.ToArray(), classifier.Parameters.Single(p => p.Name == part.Name).Value.ToArray());
    }

    [Fact]
    public void Heads_that_a_family_can_not_have_are_refused()
    {
        using var device = new CpuDevice(1);
        var bert = ModelFolder.Load(Reference.Folder("bert-masked"), device).Model.Config;
        var gpt2 = ModelFolder.Load(Reference.Folder("gpt2-tiny"), device).Model.Config;
        Assert.Contains("sees the tokens after each one", Assert.Throws<SinterException>(
            () => Architectures.BuildModel(bert with { Head = ModelHead.LanguageModel }, device)).Message, StringComparison.Ordinal);
        Assert.Contains("bert, roberta, distilbert", Assert.Throws<SinterException>(
            () => Architectures.BuildModel(gpt2 with { Head = ModelHead.MaskedLanguageModel }, device)).Message, StringComparison.Ordinal);
        Assert.Contains("needs labels", Assert.Throws<SinterException>(
            () => Architectures.BuildModel(gpt2 with { Head = ModelHead.Classifier }, device)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BertForQuestionAnswering", "\"num_labels\": 2", "a head that is not supported"), InlineData("BertForSequenceClassification", "\"problem_type\": \"ranking\"", "problem_type"),
        InlineData("BertForSequenceClassification", "\"id2label\": {\"0\": \"a\", \"2\": \"b\"}", "without a gap"),
        InlineData("BertForSequenceClassification", "\"id2label\": {\"x\": \"a\"}", "is not the id of one label"), InlineData("BertForMaskedLM", "\"is_decoder\": true", "is_decoder"),
        InlineData("BertForMaskedLM", "\"position_embedding_type\": \"relative_key\"", "absolute is"), InlineData("BertForMaskedLM", "\"hidden_act\": \"silu\"", "gelu, gelu_new, relu")]
    public void What_a_config_asks_beyond_is_refused_by_name(string head, string entry, string expected)
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "config.json");
        File.WriteAllText(path, $$"""{"model_type": "bert", "architectures": ["{{head}}"], {{entry}}}""");
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => HuggingFaceConfig.Read(path)).Message, StringComparison.Ordinal);
    }

    private static SafetensorsTensor Stored(Parameter parameter) => SafetensorsTensor.FromMemory(parameter.Name
        .Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal),
        DType.Float32, ModelFolder.Extents(parameter.Value.Shape), MemoryMarshal.AsBytes(parameter.Value.Span).ToArray());

    private static SafetensorsTensor Zeros(string name, params long[] shape) => SafetensorsTensor.Zeros(name, DType.Float32, shape);
}
