using Sinter.Data;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tests.Models;

namespace Sinter.Tests.Training;

/// <summary>Positions behind the end of a sequence change nothing: the loss of a padded batch is that of its sequences alone, and so is the gradient.</summary>
public sealed class PaddingTests
{
    private const int Vocabulary = 31;

    [Theory]
    [InlineData("gpt2", 0.0), InlineData("llama", 0.0), InlineData("gpt2", 0.1), InlineData("llama", 0.1), InlineData("gemma2", 0.1), InlineData("qwen3", 0.0)]
    public void A_padded_batch_is_its_sequences_alone(string architecture, double dropout)
    {
        int[] lengths = [18, 1, 7, 16, 17, 2];
        var (paddedLoss, padded) = Gradient(architecture, dropout, lengths, together: true, filler: 0);
        var (aloneLoss, alone) = Gradient(architecture, dropout, lengths, together: false, filler: 0);
        var (otherLoss, other) = Gradient(architecture, dropout, lengths, together: true, filler: 9);
        // The same sums of float32, cut in other places.
        Assert.Equal(1, paddedLoss / aloneLoss, 1e-6);
        Closeness.Close(alone, padded, 1e-5, "together", floor: 0);
        // What stands behind the end is not looked at: not one bit.
        Assert.Equal(paddedLoss, otherLoss);
        Assert.Equal(padded, other);
    }

    private static (double Loss, float[] Gradient) Gradient(string architecture, double dropout, int[] lengths, bool together, int filler)
    {
        using var device = new CpuDevice(2);
        var model = Architectures.Build(Architectures.Configure(SmallModels.Of(architecture, dropout), Vocabulary, null), device, seed: 3);
        double sum = 0;
        int rows = together ? lengths.Length : 1;
        for (int first = 0; first < lengths.Length; first += rows)
        {
            using var scope = device.Scope("micro-batch");
            int width = lengths[first..(first + rows)].Max();
            int[] tokens = new int[rows * width], targets = new int[rows * width];
            for (int row = 0; row < rows; row++)
                for (int i = 0; i < width; i++)
                {
                    var random = new Random(100 * (first + row) + i);
                    bool isReal = i < lengths[first + row];
                    tokens[row * width + i] = isReal ? random.Next(Vocabulary) : filler;
                    targets[row * width + i] = isReal ? random.Next(Vocabulary) : ISequences.IgnoredTarget;
                }
            var context = new ForwardContext { Training = true, Seed = 5, Step = 9, FirstSample = first, LongestSequence = model.Config.ContextLength };
            var result = model.Loss(device.From(tokens, rows, width), device.From(targets, rows, width), lengths.Sum(), context);
            Assert.Equal(lengths[first..(first + rows)].Sum(), result.Targets);
            sum += result.Sum;
            result.Loss.Backward();
        }
        return (sum, [.. model.Parameters.SelectMany(p => p.Value.Grad.ToArray())]);
    }
}
