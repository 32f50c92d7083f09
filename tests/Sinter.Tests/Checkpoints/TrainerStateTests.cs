using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.State;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints;

public sealed class TrainerStateTests
{
    private static readonly TrainerState Trainer = new(500, 384_000, ulong.MaxValue, "AVX-512 BF16", "bf16");

    [Fact]
    public void Everything_comes_back_to_the_bit()
    {
        double[] numbers =
        [
            0.1, -0.0, 1, 1e300, double.Epsilon, double.MaxValue, double.PositiveInfinity, double.NegativeInfinity, double.NaN,
            BitConverter.UInt64BitsToDouble(0x7ff8000000001234), BitConverter.UInt64BitsToDouble(0xfff0000000000001), Math.PI, 1.0 / 3,
        ];
        using var folder = new TempFolder();
        var state = new StateWriter();
        StateWriter cursor = state.Section("data").Section("cursor");
        cursor.Integer("position", long.MinValue);
        cursor.Unsigned("counter", ulong.MaxValue);
        state.Flag("stopped", true);
        state.Text("name", "größe \"中\"\n🙂");
        state.Numbers("list", numbers);
        state.Numbers("empty", []);
        for (int i = 0; i < numbers.Length; i++)
            state.Number($"number{i}", numbers[i]);
        IReadOnlyDictionary<string, FileHash> files = Trainer.Write(folder.Path, state);
        Assert.All(files, file => Assert.Equal(FileHash.Of(folder[file.Key]), file.Value));

        (TrainerState trainer, StateReader read) = TrainerState.Read(folder.Path);
        using (read)
        {
            Assert.Equal(Trainer, trainer);
            StateReader data = read.Section("data");
            Assert.True(data.Has("cursor.position"));
            Assert.False(data.Has("position"));
            Assert.Equal(long.MinValue, data.Section("cursor").Integer("position"));
            Assert.Equal(ulong.MaxValue, data.Unsigned("cursor.counter"));
            Assert.True(read.Flag("stopped"));
            Assert.Equal("größe \"中\"\n🙂", read.Text("name"));
            Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), read.Numbers("list").Select(BitConverter.DoubleToInt64Bits));
            Assert.Empty(read.Numbers("empty"));
            Assert.Contains("'number0', 'number1', 'number10'", Assert.Throws<CheckpointException>(read.Finish).Message, StringComparison.Ordinal);
            for (int i = 0; i < numbers.Length; i++)
                Assert.Equal(BitConverter.DoubleToInt64Bits(numbers[i]), BitConverter.DoubleToInt64Bits(read.Number($"number{i}")));
            read.Finish();
        }
    }

    [Fact]
    public void An_object_with_state_finds_it_again()
    {
        using var folder = new TempFolder();
        var saved = new Moments { Steps = 7, First = [1, float.NaN, -0f] };
        var state = new StateWriter();
        saved.Save(state.Section("adamw"));
        Trainer.Write(folder.Path, state);
        (_, StateReader read) = TrainerState.Read(folder.Path);
        using (read)
        {
            var loaded = new Moments { First = new float[3] };
            loaded.Load(read.Section("adamw"));
            read.Finish();
            Assert.Equal(7, loaded.Steps);
            Assert.Equal(TestModels.Bytes(saved.First), TestModels.Bytes(loaded.First));

            var longer = new Moments { First = new float[4] };
            Assert.Contains("F32 [3], and F32 [4] was expected", Assert.Throws<CheckpointException>(() => longer.Load(read.Section("adamw"))).Message,
                StringComparison.Ordinal);
            Assert.Contains("'sgd.steps' is missing", Assert.Throws<CheckpointException>(() => loaded.Load(read.Section("sgd"))).Message,
                StringComparison.Ordinal);
            Assert.Contains("is not true or false", Assert.Throws<CheckpointException>(() => read.Flag("adamw.steps")).Message,
                StringComparison.Ordinal);
            Assert.Contains("a list of numbers was expected", Assert.Throws<CheckpointException>(() => read.Numbers("adamw.first.w")).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_name_is_used_once()
    {
        var state = new StateWriter();
        state.Integer("a.b", 1);
        Assert.Throws<ArgumentException>(() => state.Section("a").Number("b", 1));
        Assert.Throws<ArgumentException>(() => state.Numbers("a.b", [1]));
        state.Numbers("c", [1]);
        Assert.Throws<ArgumentException>(() => state.Numbers("c", [1]));
        Assert.Throws<ArgumentException>(() => state.Text("c", ""));
    }

    [Theory]
    [InlineData("\"schema_version\": 1", "\"schema_version\": 2", "Use a newer Sinter")]
    [InlineData("\"step\": 500", "\"step\": 5.5", "'step'")]
    [InlineData("\"seed\": \"18446744073709551615\"", "\"seed\": \"18446744073709551616\"", "'seed'")]
    [InlineData("\"integer\": 3", "\"integer\": 3.5", "'state.a'")]
    [InlineData("\"integer\": 3", "\"integers\": 3", "'state.a'")]
    [InlineData("\"integer\": 3", "\"integer\": 3, \"flag\": true", "'state.a'")]
    [InlineData("\"precision\"", "\"step\"", "not valid JSON")]
    public void A_damaged_state_is_refused(string good, string bad, string expected)
    {
        using var folder = new TempFolder();
        var state = new StateWriter();
        state.Integer("a", 3);
        Trainer.Write(folder.Path, state);
        string json = File.ReadAllText(folder["trainer.json"]);
        Assert.Contains(good, json, StringComparison.Ordinal);
        File.WriteAllText(folder["trainer.json"], json.Replace(good, bad, StringComparison.Ordinal));
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => TrainerState.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    private sealed class Moments : IStateful
    {
        public long Steps { get; set; }

        public required float[] First { get; init; }

        public unsafe void Save(StateWriter state)
        {
            state.Integer("steps", Steps);
            byte[] copy = TestModels.Bytes(First);
            // The array on the pinned heap stands for the native memory that tensors have.
            byte[] still = GC.AllocateUninitializedArray<byte>(copy.Length, pinned: true);
            copy.CopyTo(still, 0);
            Pinned = still;
            fixed (byte* data = still)
                state.Tensor("first.w", DType.Float32, [First.Length], data);
        }

        public unsafe void Load(StateReader state)
        {
            Steps = state.Integer("steps");
            fixed (float* data = First)
                state.Tensor("first.w", DType.Float32, [First.Length], data);
        }

        private byte[]? Pinned { get; set; }
    }
}
