using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Models;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>How an architecture stands in model folders: its keys of <c>config.json</c>, and its weights' names.</summary>
internal interface IModelFormat
{
    /// <summary><c>model_type</c>: the architecture's name.</summary>
    string Name { get; }

    /// <summary>The prefix that files of a bare backbone lack (as the first gpt2 on the Hub does).</summary>
    string Prefix { get; }

    /// <summary>Reads the configuration. What Sinter would compute differently is refused by name.</summary>
    /// <exception cref="CheckpointException">Something is missing, out of range, or not supported.</exception>
    ModelConfig Read(JsonFields fields);

    /// <summary>Writes the keys that this architecture has of its own, <c>model_type</c> and <c>architectures</c> first.</summary>
    /// <exception cref="CheckpointException"><c>transformers</c> has no such model.</exception>
    void Write(string path, Utf8JsonWriter json, ModelConfig config);

    /// <summary>Whether a tensor is no weight: a constant that old versions stored.</summary>
    bool IsIgnored(string name);

    /// <summary>Whether a tensor is no weight of this model, such as the part of a head that it does not have.</summary>
    bool IsIgnored(ModelConfig config, string name) => IsIgnored(name);

    /// <summary>The name of today for one that old files have.</summary>
    string Canonical(string name) => name;

    /// <summary>The model as <c>transformers</c> expects its weights: what it has more than <paramref name="config"/> stands in files as zeros.</summary>
    ModelConfig InFile(ModelConfig config) => config;
}
