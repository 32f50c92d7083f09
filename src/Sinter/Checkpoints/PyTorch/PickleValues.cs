using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>A tuple.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A list or a set.</summary>
internal sealed record PickleList(List<object?> Items);

/// <summary>A dictionary, ordered or not.</summary>
internal sealed record PickleDictionary(List<KeyValuePair<object?, object?>> Items)
{
    /// <summary>An empty one.</summary>
    public PickleDictionary() : this([]) { }
}

/// <summary>A function or class that may be named: it is never looked up, only compared.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Quoted.Text(Module)}.{Quoted.Text(Name)}";
}

/// <summary>Something that is of no use here, such as bytes.</summary>
internal sealed class PickleOpaque
{
    /// <summary>The only one.</summary>
    public static readonly PickleOpaque Instance = new();

    private PickleOpaque() { }
}

/// <summary>What a pickle may name and call.</summary>
internal interface IPickleWorld
{
    /// <summary>Gives the value that a name stands for.</summary>
    /// <exception cref="CheckpointException">The name is not among those that state dictionaries need.</exception>
    object Find(PickleGlobal name);

    /// <summary>Gives what a call of a found name makes.</summary>
    /// <exception cref="CheckpointException">The arguments are not such a call's.</exception>
    object? Call(object callee, object?[] arguments);

    /// <summary>Gives what stands outside the pickle under an id.</summary>
    /// <exception cref="CheckpointException">The id is no storage's.</exception>
    object Load(object? id);
}
