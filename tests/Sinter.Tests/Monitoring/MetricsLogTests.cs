using System.Text.Json;
using Sinter.Monitoring;
using Sinter.Training;

namespace Sinter.Tests.Monitoring;

public sealed class MetricsLogTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestClock _clock = new();
    private string Path => _folder.At("metrics.jsonl");

    public void Dispose() => _folder.Dispose();

    private string Content()
    {
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new StreamReader(stream).ReadToEnd();
    }

    private void Write(params IEnumerable<TrainingEvent> events)
    {
        using var log = new MetricsLog(Path, _clock);
        foreach (var e in events) log.On(e);
    }

    [Fact]
    public void A_line_has_the_members_that_readers_rely_on()
    {
        Write(Events.Evaluated(0), new StepCompleted(1, 768, 4.25, 0.125, 1e-05, 2.5, 18_000, 1) { Sequences = 12, ClipFactor = 0.4, Penalty = 0.5 }, new Evaluated(1, 768, 4.5, 0.25, 1e-05));
        Assert.Equal(
            """
            {"step":0,"tokens":0,"learning_rate":0.001,"validation_loss":4.2,"validation_accuracy":0.09999999999999998}
            {"step":1,"tokens":768,"loss":4.25,"learning_rate":1E-05,"gradient_norm":2.5,"tokens_per_second":18000,"accuracy":0.125,"batch_size":12,"clip_factor":0.4,"penalty":0.5,~
            "validation_loss":4.5,"validation_accuracy":0.25}

            """.ReplaceLineEndings("\n").Replace("~\n", "", StringComparison.Ordinal), Content());
    }

    [Fact]
    public void What_is_counted_has_its_name()
    {
        var judging = Events.Started("run") with { Model = Events.Model with { Head = Sinter.Models.ModelHead.Classifier, Labels = ["a", "b"] } };
        Write(judging, Events.Step(1) with { Seconds = 0.25 });
        Assert.StartsWith("{\"step\":1,\"examples\":768,", Content());
        Assert.Contains(",\"seconds\":0.25,", Content());
        var line = MetricsLine.Read(Path).Single();
        Assert.Equal((768, true, 0.25), (line.Tokens, line.CountsExamples, line.Seconds));
    }

    [Fact]
    public void Numbers_read_back_bit_for_bit_with_any_reader()
    {
        var random = new Random(7);
        var bits = new byte[8];
        var want = new List<double> { 0, -0.0, double.Epsilon, double.MaxValue, double.MinValue, 1.0 / 3, 5e-324, 1e22, 1e23 };
        while (want.Count < 500)
        {
            random.NextBytes(bits);
            if (BitConverter.ToDouble(bits) is var value && double.IsFinite(value)) want.Add(value);
        }
        Write(want.Select((value, i) => Events.Step(i + 1) with { Loss = value, GradientNorm = value }));
        var lines = File.ReadAllLines(Path);
        Assert.Equal(want.Count, lines.Length);
        var ours = MetricsLine.Read(Path).ToList();
        for (int i = 0; i < want.Count; i++)
        {
            double theirs = JsonDocument.Parse(lines[i]).RootElement.GetProperty("loss").GetDouble();
            Assert.Equal(BitConverter.DoubleToInt64Bits(want[i]), BitConverter.DoubleToInt64Bits(theirs));
            Assert.Equal(BitConverter.DoubleToInt64Bits(want[i]), BitConverter.DoubleToInt64Bits(ours[i].GradientNorm!.Value));
        }
    }

    [Fact]
    public void What_is_not_finite_is_a_string_and_reads_back()
    {
        Write(Events.Step(1) with { Loss = double.NaN, GradientNorm = double.PositiveInfinity, Accuracy = double.NegativeInfinity });
        var line = JsonDocument.Parse(Content()).RootElement;
        Assert.Equal("NaN", line.GetProperty("loss").GetString());
        Assert.Equal("Infinity", line.GetProperty("gradient_norm").GetString());
        Assert.Equal("-Infinity", line.GetProperty("accuracy").GetString());
        var read = MetricsLine.Read(Path).Single();
        Assert.Equal((double.NaN, double.PositiveInfinity, double.NegativeInfinity),
            (read.Loss!.Value, read.GradientNorm!.Value, read.Accuracy!.Value));
    }

    [Fact]
    public void The_newest_line_waits_for_its_evaluation_and_the_others_are_seen_within_a_second()
    {
        using var log = new MetricsLog(Path, _clock);
        log.On(Events.Step(1));
        log.On(Events.Step(2));
        Assert.Empty(Content());
        _clock.Pass(1.1);
        log.On(Events.Step(3));
        Assert.Equal([1, 2], MetricsLine.Read(Path).Select(line => line.Step));
        log.On(Events.Evaluated(3));
        _clock.Pass(1.1);
        log.On(Events.Step(4));
        Assert.Equal([false, false, true], MetricsLine.Read(Path).Select(line => line.IsEvaluated));
    }

    [Fact]
    public void A_checkpoint_finds_everything_on_disk_before_it_is_written()
    {
        using var log = new MetricsLog(Path, _clock);
        log.On(Events.Step(1));
        log.On(new CheckpointStarted(1));
        Assert.Equal([1], MetricsLine.Read(Path).Select(line => line.Step));
    }

    [Fact]
    public void An_evaluation_after_the_checkpoint_joins_the_line_that_is_on_disk()
    {
        Write(Events.Step(1), Events.Evaluated(1), Events.Step(2));
        string want = Content();
        File.Delete(Path);
        Write(Events.Step(1), new CheckpointSaved(1, ""), Events.Evaluated(1), Events.Step(2));
        Assert.Equal(want, Content());
        File.Delete(Path);
        Write(Events.Step(1));
        Write(Events.Evaluated(1), Events.Evaluated(1), Events.Step(2));
        Assert.Equal(want, Content());
    }

    [Fact]
    public void A_step_that_is_already_there_is_refused()
    {
        Write(Events.Step(5));
        using var log = new MetricsLog(Path, _clock);
        Assert.Contains("already holds step 5", Assert.Throws<InvalidOperationException>(() => log.On(Events.Step(5))).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => log.On(Events.Evaluated(4)));
    }

    [Fact]
    public void Cut_anywhere_the_log_goes_back_to_the_last_whole_line_up_to_the_step()
    {
        Write(Events.Run(_folder.Root).Where(e => e is not RunCompleted));
        var whole = File.ReadAllBytes(Path);
        var ends = Enumerable.Range(0, whole.Length).Where(i => whole[i] == '\n').Select(i => i + 1).ToList();
        Assert.Equal(21, ends.Count);
        for (int length = 0; length <= whole.Length; length += 17)
        {
            File.WriteAllBytes(Path, whole[..length]);
            int lines = Math.Min(13, ends.Count(end => end <= length));
            Assert.Equal(lines - 1, MetricsLog.CutBack(Path, 12));
            Assert.Equal(whole[..(lines == 0 ? 0 : ends[lines - 1])], File.ReadAllBytes(Path));
        }
    }

    [Theory]
    [InlineData("\0\0\0\0\0\0\n")]
    [InlineData("{\"loss\":1}\n")]
    [InlineData("[1]\n")]
    [InlineData("{\"step\":\"x\"}\n")]
    [InlineData("\n")]
    public void Cutting_back_removes_what_is_no_metrics(string damage)
    {
        Write(Events.Step(1), Events.Step(2));
        string good = Content();
        File.AppendAllText(Path, damage);
        Assert.Throws<SinterException>(() => new MetricsLog(Path));
        Assert.Equal(2, MetricsLog.CutBack(Path, 100));
        Assert.Equal(good, Content());
    }

    [Fact]
    public void Cutting_back_everything_or_nothing()
    {
        Assert.Equal(-1, MetricsLog.CutBack(_folder.At("none.jsonl"), 5));
        Assert.False(File.Exists(_folder.At("none.jsonl")));
        Write(Events.Evaluated(0), Events.Step(1));
        Assert.Equal(-1, MetricsLog.CutBack(Path, -1));
        Assert.Equal(0, new FileInfo(Path).Length);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        using var log = new MetricsLog(Path, _clock);
        var steps = Enumerable.Range(1, 2000).Select(step => Events.Step(step)).ToArray();
        for (int i = 0; i < 1000; i++) log.On(steps[i]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1000; i < 2000; i++)
        {
            if (i % 10 == 0) _clock.Pass(1.1);
            log.On(steps[i]);
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 * 1024);
    }

    [Fact]
    public void A_full_disk_and_a_wrong_path_are_named()
    {
        var error = Assert.Throws<SinterException>(() => new MetricsLog(_folder.Root));
        Assert.Contains(_folder.Root, error.Message, StringComparison.Ordinal);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a device that is always full.");
        using var file = new AppendFile("/dev/full", _clock);
        file.Reserve(10);
        file.Advance(10);
        error = Assert.Throws<SinterException>(() => file.Flush(toDisk: false));
        Assert.Contains("/dev/full", error.Message, StringComparison.Ordinal);
        Assert.Contains("resume", error.Message, StringComparison.Ordinal);
    }
}
