using System.Text;
using Sinter.Monitoring.TensorBoard;
using Sinter.Monitoring.TensorBoard.Proto;
using Sinter.Training;

namespace Sinter.Tests.Monitoring;

public sealed class TensorBoardTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestClock _clock = new();

    public void Dispose() => _folder.Dispose();

    // RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms.
    [Theory]
    [InlineData(0xE3069283u, "123456789")]
    [InlineData(0x00000000u, "")]
    [InlineData(0xC1D04330u, "a")]
    public void Crc32C_of_known_text(uint want, string text) => Assert.Equal(want, Crc32C.Compute(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Crc32C_of_known_bytes()
    {
        Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Compute([.. Enumerable.Repeat((byte)255, 32)]));
        Assert.Equal(0x46DD794Eu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0x113FDB5Cu, Crc32C.Compute([.. Enumerable.Range(0, 32).Select(i => (byte)(31 - i))]));
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(7), InlineData(8), InlineData(9), InlineData(15), InlineData(64), InlineData(1001)]
    public void Crc32C_equals_the_bitwise_definition(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        uint crc = ~0u;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78u);
        }
        Assert.Equal(~crc, Crc32C.Compute(bytes));
    }

    private string Write(params IEnumerable<TrainingEvent> events)
    {
        using var log = new TensorBoardLog(_folder.Root, _clock);
        foreach (var e in events) log.On(e);
        return log.Path;
    }

    private static List<Event> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var events = new List<Event>();
        while (TensorBoardRecord.Read(stream) is { } e) events.Add(e);
        Assert.Equal(stream.Length, stream.Position);
        return events;
    }

    // A version event always has 24 bytes, so TensorFlow's own files begin with these twelve.
    [Fact]
    public void The_file_begins_as_TensorFlow_begins_it()
    {
        var bytes = File.ReadAllBytes(Write());
        Assert.Equal([0x18, 0, 0, 0, 0, 0, 0, 0, 0xA3, 0x7F, 0x4B, 0x22, 0x09], bytes[..13]);
        Assert.Equal("\u001a\rbrain.Event:2", Encoding.ASCII.GetString(bytes, 21, 15));
        Assert.Equal(40, bytes.Length);
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds(), BitConverter.ToDouble(bytes, 13));
    }

    [Fact]
    public void Scalars_and_texts_have_their_tags_steps_and_values()
    {
        var events = Read(Write(Events.Run(_folder.Root)));
        var step = events.Single(e => e.Step == 7);
        Assert.Equal(["loss", "accuracy", "learning_rate", "gradient_norm", "tokens_per_second"], step.Summary.Value.Select(value => value.Tag));
        var want = Events.Step(7);
        Assert.Equal([(float)want.Loss, (float)want.Accuracy, (float)want.LearningRate, (float)want.GradientNorm, (float)want.TokensPerSecond],
            step.Summary.Value.Select(value => value.SimpleValue));
        var validation = events.Where(e => e.Summary?.Value[0].Tag == "validation/loss").ToList();
        Assert.Equal([0, 5, 10, 15, 20], validation.Select(e => e.Step));
        Assert.Equal((float)Events.Evaluated(10).Accuracy,
            validation[2].Summary.Value.Single(value => value.Tag == "validation/accuracy").SimpleValue);
        var texts = events.Where(e => e.Summary?.Value[0].Metadata?.PluginData.PluginName == "text").ToList();
        Assert.Equal([("recipe/text_summary", 0L), ("sample/text_summary", 0L), ("sample/text_summary", 20L)],
            texts.Select(e => (e.Summary.Value[0].Tag, e.Step)));
        var text = texts[2].Summary.Value[0].Tensor;
        Assert.Equal(DataType.DtString, text.Dtype);
        Assert.Equal(1, text.TensorShape.Dim.Single().Size);
        Assert.Equal("    Once upon a time", text.StringVal.Single().ToStringUtf8());
    }

    [Fact]
    public void Events_are_seen_while_the_run_goes_on()
    {
        using var log = new TensorBoardLog(_folder.Root, _clock);
        log.On(Events.Step(1));
        Assert.Single(Read(log.Path));
        _clock.Pass(1.1);
        log.On(Events.Step(2));
        Assert.Equal(3, Read(log.Path).Count);
        log.On(Events.Step(3));
        log.On(new CheckpointStarted(3));
        Assert.Equal(4, Read(log.Path).Count);
    }

    [Fact]
    public void Sessions_in_the_same_second_get_files_of_their_own_in_order()
    {
        string[] paths = [Write(), Write(), Write()];
        Assert.Equal(paths, TensorBoardFiles.In(_folder.Root));
        Assert.Equal(3, paths.Distinct().Count());
        Assert.All(paths, path => Assert.Matches(@"^events\.out\.tfevents\.\d{10}\.[\w-]+\.\d{3}$", Path.GetFileName(path)));
    }

    [Fact]
    public void Cut_anywhere_a_file_goes_back_to_the_last_whole_event_up_to_the_step()
    {
        string path = Write(Events.Run(_folder.Root));
        var whole = File.ReadAllBytes(path);
        for (int length = 0; length <= whole.Length; length += 7)
        {
            File.WriteAllBytes(path, whole[..length]);
            TensorBoardFiles.CutBack(_folder.Root, 12);
            if (!File.Exists(path))
            {
                Assert.InRange(length, 0, 200);
                continue;
            }
            var left = Read(path);
            Assert.All(left, e => Assert.InRange(e.Step, 0, 12));
            Assert.Equal(whole[..(int)new FileInfo(path).Length], File.ReadAllBytes(path));
            if (length == whole.Length) Assert.Equal(12, left[^1].Step);
        }
    }

    [Fact]
    public void A_changed_byte_ends_what_is_read()
    {
        string path = Write(Events.Step(1), Events.Step(2), Events.Step(3));
        var whole = File.ReadAllBytes(path);
        int third = (whole.Length - 40) * 2 / 3 + 40;
        for (int at = 40; at < whole.Length; at += 11)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            TensorBoardFiles.CutBack(_folder.Root, 100);
            int events = File.Exists(path) ? Read(path).Count - 1 : 0;
            Assert.InRange(events, 0, at >= third ? 2 : 1);
        }
    }

    [Fact]
    public void Cutting_back_before_the_start_leaves_no_file()
    {
        Write(Events.Run(_folder.Root));
        _clock.Pass(2);
        Write(Events.Step(21));
        TensorBoardFiles.CutBack(_folder.Root, 20);
        Assert.Single(TensorBoardFiles.In(_folder.Root));
        TensorBoardFiles.CutBack(_folder.Root, -1);
        Assert.Empty(TensorBoardFiles.In(_folder.Root));
    }

    [Fact]
    public void A_step_allocates_little()
    {
        using var log = new TensorBoardLog(_folder.Root, _clock);
        var steps = Enumerable.Range(1, 2000).Select(step => Events.Step(step)).ToArray();
        for (int i = 0; i < 1000; i++) log.On(steps[i]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1000; i < 2000; i++)
        {
            if (i % 10 == 0) _clock.Pass(1.1);
            log.On(steps[i]);
        }
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 0, 1024);
    }
}
