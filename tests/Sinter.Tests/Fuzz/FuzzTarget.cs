using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;
using Sinter.Text;

namespace Sinter.Tests.Fuzz;

/// <summary>A kind of file: examples, how they are damaged, and how a user's file of the kind is read.</summary>
/// <param name="Name">The kind.</param>
/// <param name="FileName">The name that the damaged file gets.</param>
/// <param name="Examples">Good files.</param>
/// <param name="Mutate">Damages one.</param>
/// <param name="Read">Reads the file in a folder, all of it; may fail with a <see cref="SinterException"/> and with nothing else.</param>
internal sealed record FuzzTarget(string Name, string FileName, IReadOnlyList<byte[]> Examples, Func<Mutation, byte[], byte[]> Mutate, Action<string> Read)
{
    private const long MostElements = 1 << 20;

    private static readonly string[] s_texts = ["", "The tensor's shape [2, 3]", "größe 中文 🙂\n\t and  two", new('a', 300), "\ud800 lone \udc00"];

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("safetensors", "model.safetensors", Files("*.safetensors", 9000), (m, f) => m.Random(m.Bytes, m.SafetensorsHeader, f), ReadTensors("model.safetensors")),
        new("pt (zip)", "x.pt", Files("*.pt", 13000, legacy: false), (m, f) => m.Random(m.ZipContent, m.Bytes, f), ReadTensors("x.pt")),
        new("pt (legacy)", "x.pt", Files("*.pt", 13000, legacy: true), (m, f) => m.Random(m.Bytes, m.Pickle, f), ReadTensors("x.pt")),
        new("tokenizer.json", "tokenizer.json", Files("tokenizer.json", 60000), (m, f) => m.Json(f), ReadTokenizer),
        new("config.json", "config.json", Files("config.json", 9000), (m, f) => m.Json(f), ReadConfig),
    ];

    private static List<byte[]> Files(string pattern, long most, bool? legacy = null)
    {
        string root = Path.GetFullPath(Sinter.Tests.Checkpoints.CheckpointReferences.Path(".."));
        List<byte[]> files =
        [
            .. Directory.EnumerateFiles(root, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Where(path => new FileInfo(path).Length <= most).Select(File.ReadAllBytes).Where(f => legacy is null || f[0] == 0x80 == legacy),
        ];
        return files.Count > 0 ? files : throw new InvalidOperationException($"There is no {pattern} of at most {most} bytes under {root}.");
    }

    private static Action<string> ReadTensors(string name) => folder =>
    {
        using TensorFile file = TensorFile.Open(Path.Combine(folder, name));
        foreach (TensorEntry entry in file.Entries.Where(e => e.Elements <= MostElements))
        {
            ReadTensor(file, entry, entry.DType);
            if (ElementConversion.HasFloat32(entry.DType)) ReadTensor(file, entry, DType.Float32);
        }
    };

    private static unsafe void ReadTensor(TensorFile file, TensorEntry entry, DType type)
    {
        var bytes = new byte[Math.Max(entry.ByteLength, entry.Elements * type.Bits() / 8)];
        fixed (byte* destination = bytes) file.CopyTo(entry, destination, type);
    }

    private static void ReadTokenizer(string folder)
    {
        ITokenizer tokenizer = Tokenizers.Read(Path.Combine(folder, "tokenizer.json"));
        var ids = new List<int>();
        foreach (string text in s_texts)
        {
            ids.Clear();
            tokenizer.Encode(text, ids);
            tokenizer.Decode(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids), new System.Buffers.ArrayBufferWriter<byte>());
        }
    }

    private static void ReadConfig(string folder)
    {
        var config = HuggingFaceConfig.Read(Path.Combine(folder, "config.json"));
        ModelWeights.PlanFile(config);
        HuggingFaceConfig.Write(Path.Combine(folder, "written.json"), config);
    }
}
