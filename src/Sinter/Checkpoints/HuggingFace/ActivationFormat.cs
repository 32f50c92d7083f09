using Sinter.Checkpoints.Files;
using Sinter.Tensors.Ops;

namespace Sinter.Checkpoints.HuggingFace;

/// <summary>The names that transformers gives to activations.</summary>
internal static class ActivationFormat
{
    private static readonly (string Name, Activation Activation)[] s_all = [("gelu", Activation.Gelu), ("gelu_new", Activation.GeluTanh), ("relu", Activation.Relu),
        ("gelu_pytorch_tanh", Activation.GeluTanh), ("gelu_fast", Activation.GeluTanh)];

    /// <summary>The activation of a key.</summary>
    /// <exception cref="CheckpointException">It is not supported.</exception>
    public static Activation Read(JsonFields fields, string key, string missing)
    {
        string name = fields.Text(key, missing);
        return Array.Find(s_all, a => a.Name == name) is { Name: not null } found ? found.Activation
            : throw fields.Wrong(key, $"{Quoted.Name(name)} is not supported; {string.Join(", ", s_all.Select(a => a.Name))} are.");
    }

    /// <summary>Its name; <c>gelu_new</c> for the tanh form.</summary>
    public static string Name(Activation activation) => Array.Find(s_all, a => a.Activation == activation).Name;
}
