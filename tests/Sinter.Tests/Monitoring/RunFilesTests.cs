using Sinter.Monitoring;
using Sinter.Monitoring.TensorBoard;
using Sinter.Training;

namespace Sinter.Tests.Monitoring;

public sealed class RunFilesTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestClock _clock = new();

    public void Dispose() => _folder.Dispose();

    private string New(string name) => Directory.CreateDirectory(_folder.At(name)).FullName;

    private void Run(string folder, long? resumed, IEnumerable<TrainingEvent> events)
    {
        using var files = RunFiles.Open(folder, resumed, _clock);
        foreach (var e in events) files.On(e);
    }

    private static string Copy(string from, string to)
    {
        foreach (string path in Directory.GetFiles(from))
        {
            using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var target = File.Create(Path.Combine(to, Path.GetFileName(path)));
            source.CopyTo(target);
        }
        return to;
    }

    // A kill leaves what the system was given: the files are copied while they are open. Evaluations here come every 5 steps, checkpoints every 4.
    [Fact]
    public void Killed_after_any_event_and_resumed_the_log_is_that_of_a_run_never_stopped()
    {
        string whole = New("whole");
        Run(whole, null, Events.Run(whole));
        string want = File.ReadAllText(Path.Combine(whole, MetricsLog.FileName));
        var all = Events.Run(whole).ToList();
        for (int kill = 1; kill < all.Count; kill++)
        {
            string first = New($"first-{kill}"), second = New($"second-{kill}");
            using (var files = RunFiles.Open(first, null, _clock))
            {
                foreach (var e in all.Take(kill)) files.On(e);
                Copy(first, second);
            }
            // The checkpoint is there from the moment CheckpointStarted was heard, whether CheckpointSaved was heard or not.
            long? saved = all.Take(kill).OfType<CheckpointStarted>().LastOrDefault()?.Step;
            _clock.Pass(5);
            Run(second, saved, Events.Run(second, saved ?? 0));
            Assert.Equal(want, File.ReadAllText(Path.Combine(second, MetricsLog.FileName)));
            Assert.Equal(["before", "after"], RunRecord.Read(second).Samples.Select(sample => sample.Step == 0 ? "before" : "after"));
            AssertEachStepOnce(second);
        }
    }

    private static void AssertEachStepOnce(string folder)
    {
        var steps = new List<long>();
        foreach (string path in TensorBoardFiles.In(folder))
        {
            using var stream = File.OpenRead(path);
            while (TensorBoardRecord.Read(stream) is { } e)
                if (e.Summary?.Value[0].Tag == "loss") steps.Add(e.Step);
        }
        Assert.Equal(Enumerable.Range(1, 20).Select(step => (long)step), steps);
    }

    [Fact]
    public void Beginning_anew_removes_what_was_there()
    {
        string folder = New("run");
        Run(folder, null, Events.Run(folder));
        _clock.Pass(5);
        Run(folder, null, Events.Run(folder).Take(4));
        Assert.Equal([0, 1], MetricsLine.Read(Path.Combine(folder, MetricsLog.FileName)).Select(line => line.Step));
        Assert.Single(TensorBoardFiles.In(folder));
        Assert.Single(RunRecord.Read(folder).Sessions);
    }

    [Fact]
    public void The_record_keeps_sessions_samples_and_phases_and_knows_the_machine()
    {
        string folder = New("run");
        Run(folder, null, Events.Run(folder).TakeWhile(e => e is not StepCompleted { Step: 15 }).Append(new RunStopped(14, folder)));
        var stopped = RunRecord.Read(folder);
        Assert.False(stopped.Completed);
        _clock.Pass(60);
        Run(folder, 12, Events.Run(folder, 12));
        var record = RunRecord.Read(folder);
        Assert.True(record.Completed);
        Assert.Equal((1, "run", 20L, 802_944L), (record.SchemaVersion, record.Name, record.TotalSteps, record.Parameters));
        Assert.Equal(Events.Model, record.Model);
        Assert.Equal([(0L, 14L), (12L, 20L)], record.Sessions.Select(session => (session.FirstStep, session.LastStep)));
        Assert.Equal(10, record.Sessions[1].Seconds);
        Assert.Equal([new RunPhase("forward and backward", 8), new RunPhase("optimizer", 1.5)], record.Sessions[1].Phases);
        Assert.Equal(new RunSample(0, "Once", " zzq"), record.Samples[0]);
        Assert.Equal(new RunSample(20, "Once", " upon a time"), record.Samples[1]);
        var machine = record.Sessions[1].Machine!;
        Assert.Equal(MachineInfo.Current, machine);
        Assert.True(machine.Processor.Length > 3 && machine.MemoryBytes > 1 << 28 && machine.Runtime.StartsWith(".NET", StringComparison.Ordinal));
    }

    [Fact]
    public void Samples_after_the_checkpoint_are_forgotten()
    {
        string folder = New("run");
        Run(folder, null, [Events.Started(folder), new TextSampled(4, "", "four"), new TextSampled(8, "", "eight"), new RunStopped(8, folder)]);
        Assert.Equal(["four"], RunRecord.Read(folder, 7).Samples.Select(sample => sample.Text));
    }

    [Fact]
    public void A_step_sampled_again_after_a_kill_has_one_sample()
    {
        string folder = New("run");
        Run(folder, null, [Events.Started(folder), new TextSampled(20, "Once", "first"), new CheckpointSaved(20, "")]);
        Run(folder, 20, [Events.Started(folder, 20), new TextSampled(20, "Once", "again"), new RunCompleted(20, folder, 1)]);
        Assert.Equal(["again"], RunRecord.Read(folder).Samples.Select(sample => sample.Text));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"schema_version\": 99}")]
    [InlineData("{\"samples\": 3}")]
    public void A_damaged_or_newer_record_is_named(string content)
    {
        string folder = New("run");
        File.WriteAllText(Path.Combine(folder, RunRecord.FileName), content);
        Assert.Contains(RunRecord.FileName, Assert.Throws<SinterException>(() => RunFiles.Open(folder, 4, _clock)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_is_named()
    {
        string missing = _folder.At("missing");
        Assert.Contains(missing, Assert.Throws<SinterException>(() => RunFiles.Open(missing, null, _clock)).Message, StringComparison.Ordinal);
    }
}
