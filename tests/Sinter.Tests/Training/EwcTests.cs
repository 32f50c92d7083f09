using System.Runtime.CompilerServices;
using Sinter.Checkpoints;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.State;
using Sinter.Data;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Tests.Models;
using Sinter.Training.Regularization;

namespace Sinter.Tests.Training;

/// <summary>Elastic weight consolidation of a model against PyTorch: see References/ewc.</summary>
public sealed class EwcTests
{
    // The script refuses a training that float32's rounding would lead elsewhere by half of this.
    private const double Tolerance = 1e-4;

    [Fact]
    public void Fisher_information_and_ten_updates()
    {
        using var device = new CpuDevice(2);
        using var reference = Reference.OpenFile(Path.Combine(Path.GetDirectoryName(Here())!, "..", "References", "ewc", "ewc.safetensors"));
        var model = ModelFolder.Load(Reference.Folder("gpt2-tiny"), device).LanguageModel;
        var old = new Rows(reference.Int32("old"), 21);
        var penalty = (EwcPenalty)new EwcPenaltyOptions { Strength = 50, Sequences = 5 }.Create(model.Parameters);
        penalty.Estimate(model, old, cancellation: TestContext.Current.CancellationToken);
        Assert.All(model.Parameters, p => Assert.False(p.Value.HasGrad));
        foreach (var (name, importance) in Saved(penalty).Where(s => s.Name.StartsWith("importance.", StringComparison.Ordinal)))
            if (name is "importance.transformer.wte.weight" or "importance.transformer.h.0.attn.c_attn.weight" or "importance.transformer.h.1.mlp.c_proj.weight")
                Closeness.Close(reference.Float32("fisher" + name["importance".Length..]), importance, Tolerance, name);

        var options = new AdamWOptions { LearningRate = 0.01, Betas = (0.9, 0.95), Epsilon = 1e-8, WeightDecay = 0.1 };
        var optimizer = options.Create(ParameterGrouping.Groups(model.Parameters));
        var rows = new Rows(reference.Int32("new"), 21);
        double[] losses = reference.Float64("losses"), penalties = reference.Float64("penalties"), after = reference.Float64("old_loss");
        for (int step = 0; step < losses.Length; step++)
        {
            using var scope = device.Scope("step");
            foreach (var parameter in model.Parameters) parameter.Value.ZeroGrad();
            var result = rows.Loss(model, device);
            result.Loss.Backward();
            Assert.Equal(losses[step], result.Sum / result.Targets, Tolerance * losses[step]);
            Assert.Equal(penalties[step], penalty.Add(), Tolerance * penalties[step] + 1e-9);
            optimizer.Update(options.LearningRate, 1);
        }
        using var pause = device.Tape.Pause();
        var last = old.Loss(model, device);
        Assert.Equal(after[0], last.Sum / last.Targets, Tolerance * after[0]);
        Assert.True(after[0] < after[1], "the reference forgets as much with the penalty as without");
    }

    private static List<(string Name, float[] Values)> Saved(EwcPenalty penalty)
    {
        using var folder = new Checkpoints.TempFolder("ewc");
        var state = new StateWriter();
        penalty.Save(state);
        new TrainerState(0, 0, 0, "", "").Write(folder.Path, state);
        using var file = SafetensorsReader.Open(folder[TrainerState.TensorsFileName]);
        return [.. file.Entries.Select(e => (e.Name, file.ReadFloat32(e)))];
    }

    private static string Here([CallerFilePath] string path = "") => path;

    /// <summary>Rows of tokens, each token's target the one after it.</summary>
    private sealed class Rows(int[] tokens, int length) : ITrainingSequences
    {
        public int ContextLength => length - 1;
        public long PerPass => tokens.Length / length;
        public bool HasOneLength => true;

        public int WidthOf(long sequence) => ContextLength;

        public long TargetsOf(long first, long count) => count * ContextLength;

        public long BucketEnd(long sequence) => long.MaxValue;

        public string Describe(long first, long count) => "rows";

        public int Fill(long sequence, SequenceRow row)
        {
            var from = tokens.AsSpan((int)sequence * length, length);
            from[..^1].CopyTo(row.Inputs);
            from[1..].CopyTo(row.Targets);
            return ContextLength;
        }

        public Sinter.Tensors.Ops.CrossEntropyResult Loss(Sinter.Models.ITrainedModel model, Device device)
        {
            var batch = Sinter.Models.SequenceBatch.Empty(device, this, (int)PerPass, ContextLength);
            for (int i = 0; i < PerPass; i++) batch.Fill(i, this, i);
            return model.Loss(batch, new Sinter.Tensors.Ops.CrossEntropyOptions(), new ForwardContext());
        }
    }
}
