using System.Text;
using Sinter.Checkpoints.PyTorch;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints.PyTorch;

public sealed class PyTorchReaderTests
{
    [Theory]
    [InlineData("types.pt")]
    [InlineData("types-legacy.pt")]
    [InlineData("views.pt")]
    [InlineData("views-legacy.pt")]
    [InlineData("protocol-3.pt")]
    [InlineData("protocol-4.pt")]
    [InlineData("protocol-5.pt")]
    [InlineData("protocol-4-legacy.pt")]
    [InlineData("training.pt")]
    [InlineData("nested.pt")]
    [InlineData("tensor.pt")]
    public void Tensors_are_those_that_PyTorch_saved(string name)
    {
        using TensorFile file = TensorFile.Open(PyTorchReferences.Path(name));
        Assert.Equal("PyTorch", file.Format);
        PyTorchReferences.AssertEqual(file, name);
    }

    [Fact]
    public void An_archive_that_another_program_packed_is_read()
    {
        using TensorFile file = TensorFile.Open(PyTorchReferences.Path("repacked.pt"));
        PyTorchReferences.AssertEqual(file, "views.pt");
    }

    [Fact]
    public void The_weights_are_found_among_what_a_training_script_saves()
    {
        using var file = PyTorchReader.Open(PyTorchReferences.Path("training.pt"));
        Assert.Equal("state_dict", file.Metadata["state_dict"]);
        Assert.Contains(file.Entries, e => e.Name == "1.num_batches_tracked" && e.Shape.IsEmpty && e.DType == DType.Int64);
    }

    [Theory]
    [InlineData("float8_e4m3fn")]
    [InlineData("float8_e5m2")]
    [InlineData("float8_e4m3fnuz")]
    [InlineData("float8_e5m2fnuz")]
    [InlineData("float8_e8m0fnu")]
    public void Every_number_of_eight_bits_converts_as_in_PyTorch(string type)
    {
        using var expected = SafetensorsReader.Open(PyTorchReferences.Path("expected.safetensors"));
        using var file = PyTorchReader.Open(PyTorchReferences.Path("types.pt"));
        float[] want = expected.ReadFloat32(expected.Get($"types.pt/{type}.float32")), got = file.ReadFloat32(file.Get(type));
        Assert.Equal(256, got.Length);
        // Which NaN a NaN becomes is the processor's affair.
        foreach ((int i, float value) in want.Index())
            Assert.True(float.IsNaN(value) ? float.IsNaN(got[i]) : BitConverter.SingleToInt32Bits(value) == BitConverter.SingleToInt32Bits(got[i]), $"{i}: {value}, {got[i]}");
    }

    [Fact]
    public void Views_are_converted_like_whole_tensors()
    {
        using var expected = SafetensorsReader.Open(PyTorchReferences.Path("expected.safetensors"));
        using var file = PyTorchReader.Open(PyTorchReferences.Path("views.pt"));
        Assert.Equal(expected.ReadFloat32(expected.Get("views.pt/half")), file.ReadFloat32(file.Get("half")));
        Assert.Throws<CheckpointException>(() => { unsafe { long x; file.CopyTo(file.Get("scalar"), &x, DType.Int64); } });
    }

    [Theory]
    [InlineData("module.pt", "GLOBAL torch.nn.modules.container.Sequential refused")]
    [InlineData("script.pt", "TorchScript archive")]
    [InlineData("compressed.pt", "is compressed (method 8)")]
    public void What_is_refused_is_named(string name, string expected) =>
        Assert.Contains(expected, Refusal(PyTorchReferences.Path(name)), StringComparison.Ordinal);

    [Theory]
    [InlineData("cos\nsystem\n(X\u0004\0\0\0truetR.", "GLOBAL os.system refused: loading it could run code")]
    [InlineData("cbuiltins\neval\n(X\u0001\0\0\00tR.", "GLOBAL builtins.eval refused")]
    [InlineData("cposix\nsystem\n.", "GLOBAL posix.system refused")]
    [InlineData("X\u0002\0\0\0osX\u0006\0\0\0system\u0093.", "GLOBAL os.system refused")]
    [InlineData("(ios\nsystem\n.", "INST os.system refused")]
    [InlineData("(c__builtin__\ngetattr\no.", "GLOBAL __builtin__.getattr refused")]
    [InlineData("ctorch.hub\nload\n.", "GLOBAL torch.hub.load refused")]
    [InlineData("ctorch._utils\n_rebuild_sparse_tensor\n.", "_rebuild_sparse_tensor refused: it is not among the tensors")]
    [InlineData("c\u001b[31m\nx\n.", "GLOBAL \\u001b[31m.x refused")]
    [InlineData("\u0082\u0001.", "EXT refused")]
    [InlineData("(o.", "OBJ refused")]
    [InlineData("I1\n.", "protocol 0 refused")]
    [InlineData("K\u0001.", "it holds no tensor")]
    [InlineData(".", "the stack is empty")]
    [InlineData("t.", "there is no mark")]
    [InlineData("h\u0005.", "nothing was memorized as 5")]
    [InlineData("X\u00ff\u00ff\u00ff\u007fa.", "a text claims 2147483647 bytes")]
    [InlineData("\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff.", "bytes are claimed")]
    [InlineData("ccollections\nOrderedDict\nK\u0001R.", "without a tuple of arguments")]
    [InlineData("}(K\u0001u.", "a key without its value")]
    [InlineData("NQ.", "a persistent id that is no storage's")]
    [InlineData("\u00ff.", "instruction 0xff refused")]
    [InlineData("", "ends too early")]
    public void No_pickle_runs_anything(string pickle, string expected)
    {
        using var folder = new TempFolder();
        byte[] bytes = [0x80, 2, .. Encoding.Latin1.GetBytes(pickle)];
        Assert.Contains(expected, Refusal(folder.File("x.pt", PyTorchBytes.Zip(("data.pkl", bytes), ("version", "3\n"u8.ToArray())))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, new long[] { 2, 3 }, new long[] { 3, 1 }, 6, null)]
    [InlineData(1, new long[] { 2, 3 }, new long[] { 3, 1 }, 6, "reaches beyond the 6 elements")]
    [InlineData(0, new long[] { 2, 3 }, new long[] { 4, 1 }, 6, "reaches beyond")]
    [InlineData(7, new long[] { 0 }, new long[] { 1 }, 6, "reaches beyond")]
    [InlineData(6, new long[] { 0 }, new long[] { 1 }, 6, null)]
    [InlineData(0, new long[] { 4294967296, 4294967296 }, new long[] { 0, 0 }, 6, "reaches beyond")]
    [InlineData(0, new long[] { 1L << 40 }, new long[] { 0 }, 6, "over and over")]
    [InlineData(0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, 6, "reaches beyond")]
    [InlineData(0, new long[] { 5 }, new long[] { 0 }, 6, null)]
    public void A_view_has_to_lie_within_its_storage(long offset, long[] shape, long[] strides, long elements, string? expected)
    {
        using var folder = new TempFolder();
        string path = folder.File("x.pt", PyTorchBytes.Tensor(offset, shape, strides, elements, new byte[elements * 4]));
        if (expected is not null) Assert.Contains(expected, Refusal(path), StringComparison.Ordinal);
        else
            using (TensorFile file = TensorFile.Open(path)) Assert.Equal(shape.Aggregate(1L, (a, b) => a * b), file.ReadFloat32(file.Get("w")).Length);
    }

    [Fact]
    public void A_dictionary_that_holds_itself_or_another_without_end_is_refused()
    {
        using var folder = new TempFolder();
        // A dictionary under its own key; and one that holds the next twice, forty times over.
        byte[] cycle = [0x80, 2, .. Encoding.Latin1.GetBytes("}q\u0000X\u0001\0\0\0ah\u0000s.")];
        var laughs = new StringBuilder("}q\u0000");
        for (int i = 1; i <= 40; i++) laughs.Append($"}}q{(char)i}(X\u0001\0\0\0ah{(char)(i - 1)}X\u0001\0\0\0bh{(char)(i - 1)}u");
        byte[] deep = [0x80, 2, .. Encoding.Latin1.GetBytes(laughs.Append('.').ToString())];
        Assert.Contains("nested more than", Refusal(folder.File("a.pt", PyTorchBytes.Zip(("data.pkl", cycle), ("version", "3\n"u8.ToArray())))), StringComparison.Ordinal);
        Assert.Contains("nested more than", Refusal(folder.File("b.pt", PyTorchBytes.Zip(("data.pkl", deep), ("version", "3\n"u8.ToArray())))), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_changed_byte_of_a_storage_is_noticed()
    {
        using var folder = new TempFolder();
        byte[] whole = File.ReadAllBytes(PyTorchReferences.Path("views.pt"));
        using TensorFile good = TensorFile.Open(PyTorchReferences.Path("views.pt"));
        foreach (string name in (string[])["base", "element", "half", "parameter"])
        {
            byte[] changed = [.. whole];
            changed[good.Get(name).Offset] ^= 0x10;
            using TensorFile file = TensorFile.Open(folder.File("x.pt", changed));
            Assert.Contains("CRC-32", Assert.Throws<CheckpointException>(() => file.ReadFloat32(file.Get(name))).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("types.pt")]
    [InlineData("views-legacy.pt")]
    public void A_file_cut_anywhere_is_refused(string name)
    {
        using var folder = new TempFolder();
        byte[] whole = File.ReadAllBytes(PyTorchReferences.Path(name));
        for (int length = 0; length < whole.Length; length += 7)
            Assert.StartsWith(folder["cut.pt"], Refusal(folder.File("cut.pt", whole[..length])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_shrinks_after_it_was_opened_gives_an_error()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Windows does not let a file that is open for reading be cut short.");
        using var folder = new TempFolder();
        string path = folder.File("x.pt", File.ReadAllBytes(PyTorchReferences.Path("views.pt")));
        using TensorFile file = TensorFile.Open(path);
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)) stream.SetLength(1000);
        Assert.Contains("shorter since it was opened", Assert.Throws<CheckpointException>(() => file.ReadFloat32(file.Get("parameter"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../data.pkl", "leads elsewhere")]
    [InlineData("a\\data.pkl", "leads elsewhere")]
    [InlineData("data.pkl", "is there twice")]
    public void Names_that_lead_elsewhere_or_repeat_are_refused(string name, string expected)
    {
        using var folder = new TempFolder();
        byte[] file = PyTorchBytes.Zip(("data.pkl", [0x80, 2, (byte)'}', (byte)'.']), ("version", "3\n"u8.ToArray()), (name, [1]));
        Assert.Contains(expected, Refusal(folder.File("x.pt", file)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_tar_format_is_refused_by_name()
    {
        using var folder = new TempFolder();
        var tar = new byte[1024];
        "sys_info"u8.CopyTo(tar);
        "ustar"u8.CopyTo(tar.AsSpan(257));
        Assert.Contains("tar format of PyTorch before 0.1.10", Refusal(folder.File("x.pt", tar)), StringComparison.Ordinal);
    }

    private static string Refusal(string path) => Assert.Throws<CheckpointException>(() =>
    {
        using TensorFile file = PyTorchReader.Open(path);
        foreach (TensorEntry entry in file.Entries) PyTorchReferences.Bytes(file, entry);
    }).Message;
}
