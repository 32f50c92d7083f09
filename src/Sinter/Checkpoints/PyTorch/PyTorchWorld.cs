using Sinter.Checkpoints.Files;
using Sinter.Tensors;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>The names that state dictionaries use, and what they make here. Every other name is refused.</summary>
/// <param name="path">The file, for messages.</param>
internal sealed class PyTorchWorld(string path) : IPickleWorld
{
    private static readonly HashSet<PickleGlobal> s_known =
    [
        new("collections", "OrderedDict"), new("torch", "Size"), new("torch", "device"), new("torch.serialization", "_get_layout"),
        new("torch._utils", "_rebuild_tensor"), new("torch._utils", "_rebuild_tensor_v2"), new("torch._utils", "_rebuild_tensor_v3"),
        new("torch._utils", "_rebuild_parameter"), new("torch._utils", "_rebuild_parameter_with_state"),
        new("torch.nn.parameter", "Parameter"), new("_codecs", "encode"),
        new("builtins", "set"), new("builtins", "frozenset"), new("builtins", "bytearray"), new("builtins", "bytes"),
        new("__builtin__", "set"), new("__builtin__", "frozenset"), new("__builtin__", "bytearray"),
    ];

    private readonly Dictionary<string, PyTorchStorage> _storages = new(StringComparer.Ordinal);

    private sealed record StorageClass(DType? Type);

    /// <summary>Every storage that was named, by its key.</summary>
    public IReadOnlyDictionary<string, PyTorchStorage> Storages => _storages;

    /// <inheritdoc/>
    public object Find(PickleGlobal name)
    {
        if (s_known.Contains(name)) return name;
        if (name.Module == "torch" && PyTorchTypes.OfStorage(name.Name) is { } element) return new StorageClass(element);
        if (name.Module == "torch" && PyTorchTypes.OfName(name.Name) is { } type) return type;
        if (name is { Module: "torch.storage", Name: "UntypedStorage" }) return new StorageClass(null);
        string why = name.Module == "torch" || name.Module.StartsWith("torch.", StringComparison.Ordinal)
            ? "it is not among the tensors, parameters and element types that are read"
            : name.Module.StartsWith("__torch__", StringComparison.Ordinal)
                ? "this is a TorchScript archive (torch.jit.save), a program; save its state_dict instead"
                : "loading it could run code";
        throw new CheckpointException($"{path}: GLOBAL {name} refused: {why}. Save the weights alone: torch.save(model.state_dict(), FILE).");
    }

    /// <inheritdoc/>
    public object? Call(object callee, object?[] arguments) => callee is not PickleGlobal global
        ? throw Refused($"a call of {callee.GetType().Name}")
        : global.Name switch
        {
            "OrderedDict" => Ordered(arguments),
            "_rebuild_tensor" when arguments.Length == 4 => Tensor(arguments, null),
            "_rebuild_tensor_v2" when arguments.Length is 6 or 7 => Tensor(arguments, null),
            "_rebuild_tensor_v3" when arguments.Length is 7 or 8 && arguments[6] is DType type => Tensor(arguments, type),
            "_rebuild_parameter" or "_rebuild_parameter_with_state" or "Parameter" when arguments is [PyTorchTensor tensor, ..] => tensor,
            "Size" when arguments is [PickleTuple size] => size,
            "device" or "_get_layout" or "encode" or "bytearray" or "bytes" => PickleOpaque.Instance,
            "set" or "frozenset" when arguments is [] or [PickleList] => PickleOpaque.Instance,
            _ => throw Refused($"a call of {global} with {arguments.Length} arguments of other kinds than PyTorch gives it"),
        };

    /// <inheritdoc/>
    public object Load(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", StorageClass(var type), var key, string location, long elements, .. var rest] }
            || key is not (string or long) || elements < 0 || rest.Length > 1)
            throw Refused("a persistent id that is no storage's");
        if (location == "meta") throw Refused("a storage on the device 'meta', which holds no values,");
        string name = key.ToString()!;
        PyTorchStorage storage = rest is [PickleTuple view] ? View(name, type, elements, view) : new PyTorchStorage(name, type, 0, elements, elements);
        if (!_storages.TryAdd(name, storage) && _storages[name].Bytes != storage.Bytes) throw Refused($"the storage {Quoted.Name(name)} with two sizes");
        return storage;
    }

    private PyTorchStorage View(string key, DType? type, long total, PickleTuple view) =>
        view.Items is [string, long first, long elements] && first >= 0 && elements >= 0 && first <= total && elements <= total - first
            ? new PyTorchStorage(key, type, first, elements, total)
            : throw Refused("a view of a storage that reaches beyond it");

    private PickleDictionary Ordered(object?[] arguments)
    {
        if (arguments.Length == 0) return new PickleDictionary();
        // Python 2 writes an ordered dictionary as a list of pairs. The list becomes the dictionary: a copy could be asked for again and again.
        if (arguments is [PickleList pairs])
        {
            var items = new List<KeyValuePair<object?, object?>>(pairs.Items.Count);
            foreach (object? pair in pairs.Items)
            {
                items.Add(pair switch
                {
                    PickleTuple { Items: [var key, var value] } => new(key, value),
                    PickleList { Items: [var key, var value] } => new(key, value),
                    _ => throw Refused("an OrderedDict of something other than pairs"),
                });
            }
            pairs.Items.Clear();
            return new PickleDictionary(items);
        }
        throw Refused("an OrderedDict of something other than pairs");
    }

    /// <summary>Arguments: storage, offset, shape, strides, then what does not matter here.</summary>
    private PyTorchTensor Tensor(object?[] arguments, DType? given)
    {
        if (arguments is not [PyTorchStorage storage, long offset, PickleTuple size, PickleTuple stride, ..])
            throw Refused("a tensor without storage, offset, shape and strides");
        DType type = given ?? storage.Type ?? throw Refused("a tensor without an element type");
        long[] shape = Numbers(size), strides = Numbers(stride);
        if (shape.Length != strides.Length) throw Refused($"a tensor with {shape.Length} dimensions and {strides.Length} strides");
        long available = storage.Type is null ? storage.Elements / type.Size() : storage.Elements;
        if (storage.Type is { } stored && stored != type) throw Refused($"a tensor of {type} in a storage of {stored}");
        TensorBounds.Check(path, shape, strides, offset, available);
        return new PyTorchTensor(storage, type, offset, shape, strides);
    }

    private long[] Numbers(PickleTuple tuple)
    {
        if (tuple.Items.Length > TensorBounds.MaxRank) throw Refused($"a tensor of {tuple.Items.Length} dimensions");
        return Array.ConvertAll(tuple.Items, item => item is long and >= 0 ? (long)item : throw Refused("a tensor whose shape or strides are no whole numbers from 0"));
    }

    private CheckpointException Refused(string what) => PyTorchReader.Damaged(path, $"{what} refused");
}
