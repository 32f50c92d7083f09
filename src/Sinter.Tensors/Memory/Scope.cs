namespace Sinter.Tensors.Memory;

/// <summary>
/// The lifetime of the tensors made while it is the device's innermost scope: when it is disposed, what it made and was not kept
/// goes back to the pool. A training step is a scope; the device itself is the outermost one.
/// </summary>
public sealed class Scope : IDisposable
{
    private readonly Device _device;
    private readonly List<TensorNode> _nodes = [];

    internal Scope(Device device) => _device = device;

    /// <summary>The name that errors show.</summary>
    public string Name { get; private set; } = "";

    internal Scope? Parent { get; private set; }

    internal IEnumerable<TensorNode> Nodes => _nodes.Where(n => n.Owner == this);

    /// <summary>Lets the enclosing scope own <paramref name="tensor"/>, so that it outlives this one.</summary>
    public unsafe Tensor Keep(Tensor tensor)
    {
        var node = tensor.Live();
        node.Elements();   // what was dropped could not be made again once the tape is empty
        node.Kept = true;
        Hand(node);
        return tensor;
    }

    /// <summary>Lets the enclosing scope own <paramref name="node"/> as if it had been made there.</summary>
    /// <returns>Whether this scope owned it.</returns>
    internal bool Hand(TensorNode node)
    {
        if (node.Owner != this || Parent is null) return false;
        _nodes.Remove(node);
        Parent.Add(node);
        return true;
    }

    /// <summary>Returns everything to the pool and makes the enclosing scope the innermost again.</summary>
    public void Dispose()
    {
        if (_device.CurrentScope != this || Parent is null) throw new InvalidOperationException($"The scope '{Name}' is not the innermost one; dispose scopes in the reverse order.");
        _device.Tape.Forget(this);
        ReleaseAll();
        _device.Leave(Parent);
    }

    /// <summary>Lets the enclosing scope own all that this one does, and makes it the innermost again.</summary>
    internal void Dissolve()
    {
        foreach (var node in _nodes)
        {
            if (node.Owner == this) Parent!.Add(node);
            else _device.Recycle(node);
        }
        _nodes.Clear();
        _device.Leave(Parent!);
    }

    internal Scope Open(string name, Scope? parent)
    {
        Name = name;
        Parent = parent;
        return this;
    }

    internal void Add(TensorNode node)
    {
        node.Owner = this;
        _nodes.Add(node);
    }

    internal void ReleaseAll()
    {
        foreach (var node in _nodes)
        {
            if (node.Owner == this) _device.Release(node);
            _device.Recycle(node);
        }
        _nodes.Clear();
    }
}
