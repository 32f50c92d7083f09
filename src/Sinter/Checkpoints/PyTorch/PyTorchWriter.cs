using System.Globalization;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Safetensors;
using Sinter.Tensors;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>Writes a state dictionary in the zip format of <c>torch.save</c>, which <c>torch.load(weights_only=True)</c> opens.</summary>
public static class PyTorchWriter
{
    private const string Root = "archive/";

    /// <summary>Writes a file under a temporary name, flushes it to the disk and renames it: a failure leaves the file that was there
    /// before.</summary>
    /// <param name="path">The file; it is replaced if it exists.</param>
    /// <param name="tensors">The tensors, in the order of the dictionary. Those in the same memory share a storage, as in PyTorch.</param>
    /// <returns>The file's length and SHA-256, computed while it was written.</returns>
    /// <exception cref="ArgumentException">Two tensors have one name, or PyTorch has no such type.</exception>
    /// <exception cref="CheckpointException">The file can't be written (no permission, full disk).</exception>
    public static FileHash Write(string path, IEnumerable<SafetensorsTensor> tensors)
    {
        SafetensorsTensor[] all = [.. tensors];
        if (all.Select(t => t.Name).Distinct(StringComparer.Ordinal).Count() != all.Length) throw new ArgumentException("Two tensors have one name.", nameof(tensors));
        var storages = new List<SafetensorsTensor>();
        var keys = Array.ConvertAll(all, tensor => Key(storages, tensor));
        PickleOutput pickle = Pickle(all, keys);
        return DurableFile.Write(path, file =>
        {
            var archive = new ZipOutput(file);
            archive.Add(Root + "data.pkl", append => append(pickle.Bytes.Span));
            archive.Add(Root + "byteorder", append => append("little"u8));
            foreach (var (i, storage) in storages.Index())
                archive.Add(Root + "data/" + i.ToString(CultureInfo.InvariantCulture), storage.WriteTo);
            archive.Add(Root + "version", append => append("3\n"u8));
            archive.Finish();
        });
    }

    // Memory is shared by few (a tied head), which follow each other closely or lie at both ends: the list is short where it matters.
    private static int Key(List<SafetensorsTensor> storages, SafetensorsTensor tensor)
    {
        int found = storages.FindIndex(tensor.IsSame);
        if (found >= 0) return found;
        storages.Add(tensor);
        return storages.Count - 1;
    }

    private static PickleOutput Pickle(SafetensorsTensor[] tensors, int[] keys)
    {
        var pickle = new PickleOutput().Code('}').Code('(');
        for (int i = 0; i < tensors.Length; i++) WriteTensor(pickle.Text(tensors[i].Name), tensors[i], keys[i]);
        return pickle.Code('u').Code('.');
    }

    private static void WriteTensor(PickleOutput pickle, SafetensorsTensor tensor, int key)
    {
        string? storage = PyTorchTypes.Storage(tensor.DType);
        pickle.Global("torch._utils", storage is null ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2").Code('(');
        pickle.Code('(').Text("storage").Global(storage is null ? "torch.storage" : "torch", storage ?? "UntypedStorage")
            .Text(key.ToString(CultureInfo.InvariantCulture)).Text("cpu")
            .Number(storage is null ? tensor.ByteLength : tensor.ByteLength / tensor.DType.Size()).Code('t').Code('Q');
        pickle.Number(0).Numbers(tensor.Shape).Numbers(Strides(tensor));
        pickle.Code('\x89').Global("collections", "OrderedDict").Code(')').Code('R');
        if (storage is null)
            pickle.Global("torch", PyTorchTypes.Name(tensor.DType) ?? throw new ArgumentException($"{tensor.Name}: PyTorch has no {tensor.DType}.", nameof(tensor)));
        pickle.Code('t').Code('R');
    }

    private static long[] Strides(SafetensorsTensor tensor)
    {
        var strides = new long[tensor.Shape.Length];
        long stride = 1;
        for (int i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(1, tensor.Shape[i]);
        }
        return strides;
    }
}
