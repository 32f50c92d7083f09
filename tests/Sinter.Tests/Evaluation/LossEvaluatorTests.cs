using Sinter.Data;
using Sinter.Evaluation;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tests.Data;
using Sinter.Tests.Training;

namespace Sinter.Tests.Evaluation;

/// <summary>The mean over all of the validation part, from the logits, in double.</summary>
public sealed class LossEvaluatorTests
{
    [Theory]
    [InlineData(18), InlineData(64)]
    public void The_loss_is_the_mean_over_every_target(int context)
    {
        using var folder = new TempFolder();
        string path = Path.Combine(folder.Path, "text.txt");
        File.WriteAllText(path, SmallLoop.Words(6000));
        using var corpus = Corpora.Build(folder, Corpora.Options("characters", path), fraction: 0.5);
        using var device = new CpuDevice(2);
        var options = SmallModels.Of("gpt2", dropout: 0.5);   // which is off here
        options.ContextLength = context;
        var model = Architectures.Build(Architectures.Configure(options, corpus.Tokenizer.VocabSize, null), device, 1);
        foreach (var p in model.Parameters.Where(p => p.IsMatrix))
            foreach (ref float w in p.Value.Span) w *= 6;   // so that the tokens differ in their losses
        var windows = new ValidationWindows(corpus.Validation, context);
        long live = device.Memory.LiveBlocks;
        var shares = new List<double>();
        var got = new LossEvaluator(model, windows).Evaluate(new Direct(shares.Add), TestContext.Current.CancellationToken);
        var (loss, accuracy, targets) = Expected(model, corpus.Validation, context);
        Assert.Equal(corpus.Validation.Length - 1, targets);
        Assert.Equal(targets, got.Targets);
        Assert.Equal(loss, got.Loss, 1e-5);
        Assert.Equal(accuracy, got.Accuracy, 1e-9);
        Assert.Equal(Math.Exp(loss), got.Perplexity, 1e-3);
        Assert.Equal(loss / Math.Log(2) * targets / 5000, got.BitsPerByte(5000), 1e-4);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
        Assert.Equal(live, device.Memory.LiveBlocks);
        Assert.All(model.Parameters, p => Assert.False(p.Value.HasGrad));
    }

    [Fact]
    public void It_stops_when_told_to()
    {
        using var run = new SmallLoop(SmallModels.Of("gpt2"), SmallLoop.Training(1, 2, 1));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        run.Loop.Run(0, false, run.Events.Add, _ => Assert.Fail("nothing to save"), stop.Token);
        Assert.Empty(run.Events);
        Assert.True(run.Device.Tape.IsRecording);
    }

    private static (double Loss, double Accuracy, long Targets) Expected(CausalLanguageModel model, TokenArray text, int context)
    {
        double sum = 0;
        long targets = 0, correct = 0;
        for (long start = 0; start + 1 < text.Length; start += context)
        {
            using var scope = model.Device.Scope("window");
            int length = (int)Math.Min(context, text.Length - 1 - start), vocabulary = model.Config.VocabSize;
            int[] tokens = text.ToArray(start, length + 1);
            float[] logits = model.Logits(model.Device.From(tokens.AsSpan(0, length), 1, length), default).ToArray();
            for (int t = 0; t < length; t++)
            {
                var row = logits.AsSpan(t * vocabulary, vocabulary).ToArray();
                double max = row.Max(), total = row.Sum(l => Math.Exp(l - max));
                sum += Math.Log(total) + max - row[tokens[t + 1]];
                correct += Array.IndexOf(row, row.Max()) == tokens[t + 1] ? 1 : 0;
                targets++;
            }
        }
        return (sum / targets, (double)correct / targets, targets);
    }

    private sealed class Direct(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
