using Sinter.Models;
using Sinter.Training;

namespace Sinter.Cli.Tests.Terminal;

/// <summary>Events of a run of 400 steps.</summary>
internal static class Feed
{
    public static RunStarted Started { get; } = new("/runs/a-run", "a [run]", "", new ModelConfig
    {
        Architecture = "gpt2", VocabSize = 65, NumLayers = 4, NumHeads = 4, NumKvHeads = 4, HiddenSize = 128, HeadSize = 32, IntermediateSize = 512,
        ContextLength = 64,
    }, 802_944, 1_003_854, 111_540, 0, 400, 768, "bf16", "avx512-bf16", 2);

    public static StepCompleted Step(long step) => new(step, step * 768, 1.5 + 2.5 * Math.Exp(-step / 40.0), 0.45, 9.52e-4, 0.412, 18_000, 312 << 20);

    public static Evaluated Evaluated(long step) => new(step, step * 768, step == 0 ? 4.18 : 1.7 + Math.Abs(step - 300) / 1000.0, 0.4, 1e-3);

    public static IEnumerable<TrainingEvent> Run(long last = 400)
    {
        yield return new Working("training the tokenizer", 0.5);
        yield return Started;
        yield return Evaluated(0);
        yield return new TextSampled(0, "ROMEO:", "\nqq\u001b[2Jzz");
        for (long step = 1; step <= last; step++)
        {
            yield return Step(step);
            if (step % 100 == 0) yield return Evaluated(step);
            if (step % 200 == 0) yield return new CheckpointSaved(step, "/runs/a-run/checkpoints/x");
        }
    }

    public static IEnumerable<TrainingEvent> Complete() =>
        Run().Concat([new TextSampled(400, "ROMEO:", "\nwhat light"), new RunCompleted(400, "/runs/a-run", 93)]);
}

/// <summary>A clock that goes when told.</summary>
internal sealed class TestClock : TimeProvider
{
    private long _ticks = 1_000_000;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Pass(double seconds) => _ticks += (long)(seconds * TimeSpan.TicksPerSecond);

    public override long GetTimestamp() => _ticks;
}
