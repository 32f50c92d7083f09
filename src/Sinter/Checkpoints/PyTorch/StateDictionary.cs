using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>Finds the weights in what <c>torch.save</c> wrote: a state dictionary, or a dictionary that holds one.</summary>
/// <remarks>A dictionary may stand in itself, and at many places at once, so depth and the sum of all names are bounded.</remarks>
internal sealed class StateDictionary
{
    private const int MaxDepth = 32;
    private const int LongestName = 4096;
    private const long MaxWork = 1 << 24;

    // In this order; the habits of training scripts.
    private static readonly string[] s_wrappers = ["state_dict", "model_state_dict", "model_state", "model", "module", "net", "weights", "params"];

    private readonly string _path;
    private readonly Dictionary<string, PyTorchTensor> _tensors = new(StringComparer.Ordinal);
    private long _work;

    private StateDictionary(string path) => _path = path;

    /// <summary>The tensors of the state dictionary in file order, and where it stood: the keys that lead to it, empty at the root.</summary>
    /// <exception cref="CheckpointException">There is no tensor, two have one name, or the nesting is no state dictionary's.</exception>
    public static (IReadOnlyDictionary<string, PyTorchTensor> Tensors, string Place) Find(string path, object? root)
    {
        var found = new StateDictionary(path);
        var keys = new List<string>();
        while (keys.Count < MaxDepth && root is PickleDictionary outer && Inner(outer) is { } inner)
        {
            keys.Add(inner.Key);
            root = inner.Value;
        }
        found.Collect("", root, 0);
        if (found._tensors.Count == 0)
            throw new CheckpointException($"{path}: it holds no tensor. Name a file that torch.save(model.state_dict(), FILE) wrote.");
        return (WithoutWrapper(found._tensors), string.Join('.', keys));
    }

    private static KeyValuePair<string, PickleDictionary>? Inner(PickleDictionary outer)
    {
        foreach (string wrapper in s_wrappers)
        {
            foreach (var item in outer.Items)
                if (item.Key as string == wrapper && item.Value is PickleDictionary { Items.Count: > 0 } inner) return new(wrapper, inner);
        }
        return null;
    }

    private void Collect(string name, object? value, int depth)
    {
        if ((_work += 1 + name.Length) > MaxWork)
            throw PyTorchReader.Damaged(_path, "its dictionaries hold each other more often than any model's do");
        if (depth > MaxDepth) throw PyTorchReader.Damaged(_path, $"its dictionaries are nested more than {MaxDepth} deep");
        switch (value)
        {
            case PyTorchTensor tensor:
                if (!_tensors.TryAdd(name.Length == 0 ? "tensor" : name, tensor))
                    throw PyTorchReader.Damaged(_path, $"tensor {Quoted.Name(name)} appears twice");
                break;
            case PickleDictionary dictionary:
                foreach (var item in dictionary.Items)
                    if (IsContent(item.Value)) Collect(Join(name, item.Key), item.Value, depth + 1);
                break;
            case PickleList list:
                CollectAll(name, list.Items, depth);
                break;
            case PickleTuple tuple:
                CollectAll(name, tuple.Items, depth);
                break;
        }
    }

    private void CollectAll(string name, IReadOnlyList<object?> items, int depth)
    {
        _work += items.Count;
        for (int i = 0; i < items.Count; i++)
            if (IsContent(items[i])) Collect(Join(name, (long)i), items[i], depth + 1);
    }

    private static bool IsContent(object? value) => value is PyTorchTensor or PickleDictionary or PickleList or PickleTuple;

    private string Join(string name, object? key)
    {
        string own = key switch
        {
            string text => text,
            long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
            _ => throw PyTorchReader.Damaged(_path, $"a tensor in {Quoted.Name(name)} is named by something other than a text or a whole number"),
        };
        string joined = name.Length == 0 ? own : $"{name}.{own}";
        return joined.Length is > 0 and <= LongestName ? joined : throw PyTorchReader.Damaged(_path, $"a tensor has a name of {joined.Length} characters");
    }

    /// <summary>Takes off what torch.nn.DataParallel and torch.compile put before every name.</summary>
    private static Dictionary<string, PyTorchTensor> WithoutWrapper(Dictionary<string, PyTorchTensor> tensors)
    {
        foreach (string prefix in (string[])["module.", "_orig_mod."])
            if (tensors.Keys.All(name => name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length))
                return WithoutWrapper(tensors.ToDictionary(t => t.Key[prefix.Length..], t => t.Value, StringComparer.Ordinal));
        return tensors;
    }
}
