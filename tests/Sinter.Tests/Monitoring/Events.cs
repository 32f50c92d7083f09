using Sinter.Models;
using Sinter.Training;

namespace Sinter.Tests.Monitoring;

/// <summary>Events of a small run, and a folder and a clock to test with.</summary>
internal static class Events
{
    public static ModelConfig Model { get; } = new()
    {
        Architecture = "gpt2", VocabSize = 65, NumLayers = 4, NumHeads = 4, NumKvHeads = 4, HiddenSize = 128, HeadSize = 32, IntermediateSize = 512,
        ContextLength = 64,
    };

    public static RunStarted Started(string folder, long first = 0, long total = 20, string name = "run") =>
        new(folder, name, "name: run\n", Model, 802_944, 1_003_854, 111_540, first, total, 768, "bf16", "avx512-bf16", 2);

    public static StepCompleted Step(long step) =>
        new(step, step * 768, 4 / Math.Sqrt(step) + 1.0 / 3, 1 - 1 / Math.Sqrt(step + 1), 1e-3 / step, 0.1 * step, 18_000 + step / 7.0, 1 << 20);

    public static Evaluated Evaluated(long step) => new(step, step * 768, 4 / Math.Sqrt(step + 1) + 0.2, 0.5 - 0.4 / (step + 1), 1e-3 / (step + 1));

    /// <summary>A run of 20 steps, evaluated every 5 and saved every 4, from <paramref name="first"/> on.</summary>
    public static IEnumerable<TrainingEvent> Run(string folder, long first = 0, long total = 20)
    {
        yield return Started(folder, first, total);
        if (first == 0)
        {
            yield return Evaluated(0);
            yield return new TextSampled(0, "Once", " zzq");
        }
        for (long step = first + 1; step <= total; step++)
        {
            yield return Step(step);
            if (step % 5 == 0 || step == total) yield return Evaluated(step);
            if (step % 4 != 0 && step != total) continue;
            yield return new CheckpointStarted(step);
            yield return new CheckpointSaved(step, Path.Combine(folder, "checkpoints", $"step-{step}"));
        }
        yield return new TextSampled(total, "Once", " upon a time");
        yield return new PhaseTime("forward and backward", 8);
        yield return new PhaseTime("optimizer", 1.5);
        yield return new RunCompleted(total, folder, 10);
    }
}

/// <summary>A folder that is gone afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("sinter-test-").FullName;

    public string At(string name) => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>A clock that goes when told.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _ticks = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).UtcTicks;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(double seconds) => _ticks += (long)(seconds * TimeSpan.TicksPerSecond);

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => new(_ticks, TimeSpan.Zero);
}
