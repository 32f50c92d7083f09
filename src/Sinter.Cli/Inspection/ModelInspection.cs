using System.Text.Json;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Cli.Shell;
using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Text;

namespace Sinter.Cli.Inspection;

/// <summary>A Hugging Face model folder.</summary>
internal sealed class ModelInspection : IInspection
{
    private readonly string _path;
    private readonly ModelConfig _config;
    private readonly long _parameters;
    private readonly ITokenizer? _tokenizer;

    public ModelInspection(string path)
    {
        using var files = HuggingFaceModel.Open(path);
        (_path, _config, _parameters) = (path, files.Config, files.Weights.Sum(w => w.Shape.Aggregate(1L, (a, b) => a * b)));
        _tokenizer = files.TokenizerPath is { } tokenizer ? Tokenizers.Read(tokenizer) : null;
    }

    public void Write(TextWriter output)
    {
        new Fields().Add("folder", _path).Add("kind", "model").Write(output);
        output.WriteLine();
        AddTo(new Fields()).Write(output);
        output.WriteLine();
        output.WriteLine(NextCommands.OfModel(_path, _tokenizer));
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("kind", "model");
        json.WriteString("path", Path.GetFullPath(_path));
        WriteMembers(json);
    }

    /// <summary>The lines about the model itself.</summary>
    public Fields AddTo(Fields fields)
    {
        string heads = $"{_config.NumHeads} heads{(_config.NumKvHeads == _config.NumHeads ? "" : $", {_config.NumKvHeads} of keys and values")}";
        return fields
            .Add("architecture", _config.Architecture)
            .Add("parameters", $"{HumanFormat.Count(_parameters)} ({HumanFormat.Short(_parameters)})")
            .Add("shape", $"{_config.NumLayers} layers, {heads} of {_config.HeadSize}, width {_config.HiddenSize}, "
                + $"feed-forward {_config.IntermediateSize}")
            .Add("context", $"{HumanFormat.Count(_config.ContextLength)} tokens")
            .Add("attention", _config.SlidingWindow == 0 ? "to all earlier tokens"
                : $"over {HumanFormat.Count(_config.SlidingWindow)} tokens in {Enumerable.Range(0, _config.NumLayers).Count(i => _config.WindowOf(i) > 0)} layers")
            .Add("positions", Architectures.Find(_config.Architecture).IsRotary ? $"rotary{(_config.RopeScaling is { } scaling ? ", scaled: " + scaling.Name : "")}" : "learned")
            .Add("vocabulary", HumanFormat.Count(_config.VocabSize))
            .Add("biases", _config.Bias ? "yes" : "no")
            .Add("head", _config.TieEmbeddings ? "tied to the embedding" : "its own")
            .Add("tokenizer", _tokenizer is { } t ? $"{t.Kind}, {HumanFormat.Count(t.VocabSize)} ids" : "none");
    }

    /// <summary>The members about the model itself.</summary>
    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("architecture", _config.Architecture);
        json.WriteNumber("parameters", _parameters);
        json.WriteNumber("num_layers", _config.NumLayers);
        json.WriteNumber("num_heads", _config.NumHeads);
        json.WriteNumber("num_kv_heads", _config.NumKvHeads);
        json.WriteNumber("head_size", _config.HeadSize);
        json.WriteNumber("hidden_size", _config.HiddenSize);
        json.WriteNumber("intermediate_size", _config.IntermediateSize);
        json.WriteNumber("context_length", _config.ContextLength);
        json.WriteNumber("sliding_window", _config.SlidingWindow);
        json.WriteString("rope_scaling", _config.RopeScaling?.Name);
        json.WriteNumber("vocab_size", _config.VocabSize);
        json.WriteBoolean("bias", _config.Bias);
        json.WriteBoolean("tie_embeddings", _config.TieEmbeddings);
        json.WriteString("tokenizer", _tokenizer?.Kind);
    }
}
