using Sinter.Data;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Tensors;
using Sinter.Tensors.Ops;
using Sinter.Tests.Models;

namespace Sinter.Tests.Training;

/// <summary>Texts that share a row do not see each other and count their positions from 0: the packed loss is that of the texts alone, and so is the gradient.</summary>
public sealed class PackingTests
{
    private const int Vocabulary = 31;

    /// <summary>The decoders.</summary>
    public static TheoryData<string> Names => [.. Architectures.Names.Where(n => Architectures.Find(n).IsCausal)];

    // The same sums of float32, cut in other places: 1e-6 of the whole gradient.
    [Theory]
    [MemberData(nameof(Names))]
    public void A_packed_row_is_its_texts_alone(string architecture)
    {
        int[] lengths = [7, 4, 3, 1, 2];
        var (packedLoss, packed) = Gradient(architecture, lengths, packs: true);
        var (aloneLoss, alone) = Gradient(architecture, lengths, packs: false);
        Assert.Equal(1, packedLoss / aloneLoss, 1e-6);
        Closeness.Close(alone, packed, 1e-6, architecture, floor: 0);
    }

    [Fact]
    public void Texts_would_see_each_other_without_segments()
    {
        var (_, packed) = Gradient("llama", [7, 4, 3], packs: true);
        var (_, blind) = Gradient("llama", [7, 4, 3], packs: true, hasSegments: false);
        Assert.Contains(Enumerable.Range(0, packed.Length), i => Math.Abs(packed[i] - blind[i]) > 1e-3f);
    }

    // Windows and soft caps are in the attention: a window does not reach into the text before.
    [Theory]
    [InlineData(0, 0f), InlineData(3, 0f), InlineData(0, 2f), InlineData(3, 2f), InlineData(40, 0.5f)]
    public void Windows_and_soft_caps_stay_inside_a_text(int window, float softCap)
    {
        int[] lengths = [17, 1, 16, 33, 5];
        int total = lengths.Sum(), width = 2 * 8;
        using var device = new CpuDevice(2);
        using var scope = device.Scope("packing");
        float[] numbers = [.. Enumerable.Range(0, 3 * total * width).Select(i => MathF.Sin(i * 0.37f) * 2)];
        AttentionOptions options = new() { NumHeads = 2, NumKvHeads = 2, HeadSize = 8, Causal = true, Window = window, SoftCap = softCap };
        int[] segments = [.. lengths.SelectMany((length, i) => Enumerable.Repeat(i, length))];
        float[] packed = Attend(numbers, total, new AttentionExtras(device.From(segments, 1, total)));
        List<float> alone = [];
        for (int i = 0, at = 0; i < lengths.Length; at += lengths[i++]) alone.AddRange(Attend(Part(at, lengths[i]), lengths[i], default));
        Closeness.Close(alone.ToArray(), packed, 1e-6, $"window {window}, cap {softCap}", floor: 0);

        float[] Part(int at, int length) => [.. Enumerable.Range(0, 3).SelectMany(role => numbers.AsSpan(role * total * width + at * width, length * width).ToArray())];

        float[] Attend(float[] roles, int length, AttentionExtras extras)
        {
            HeadColumns Role(int i) => new(device.From(roles.AsSpan(i * length * width, length * width).ToArray(), 1, length, width));
            return Op.Attention(Role(0), Role(1), Role(2), options, extras).ToArray();
        }
    }

    private static (double Loss, float[] Gradient) Gradient(string architecture, int[] lengths, bool packs, bool hasSegments = true)
    {
        using var device = new CpuDevice(2);
        var model = Architectures.Build(Architectures.Configure(SmallModels.Of(architecture), Vocabulary, null), device, seed: 3);
        PackedRows rows = new(new RandomTexts(18, lengths), [.. Enumerable.Range(0, lengths.Length).Select(i => (long)i)], packs);
        double sum = 0;
        for (long row = 0; row < rows.Count; row++)
        {
            using var scope = device.Scope("micro-batch");
            // Padding behind the last text, too.
            int width = packs ? 18 : rows.LengthOf(row);
            int[] tokens = new int[width], targets = new int[width], segments = new int[width];
            rows.Fill(row, new SequenceRow(tokens, targets) { Segments = packs ? segments : default });
            SequenceBatch batch = new(device.From(tokens, 1, width), device.From(targets, 1, width)) { Segments = packs && hasSegments ? device.From(segments, 1, width) : default };
            var result = model.Loss(batch, new CrossEntropyOptions { TargetCount = lengths.Sum() }, new ForwardContext { Training = true });
            sum += result.Sum;
            result.Loss.Backward();
        }
        return (sum, [.. model.Parameters.SelectMany(p => p.Value.Grad.ToArray())]);
    }

    private sealed class RandomTexts(int context, int[] lengths) : ITextSequences
    {
        public int ContextLength => context;

        public long Count => lengths.Length;

        public int LengthOf(long sequence) => lengths[sequence];

        public int TargetsOf(long sequence) => lengths[sequence];

        public string PlaceOf(long sequence) => "";

        public int Fill(long sequence, Span<int> inputs, Span<int> targets)
        {
            Random random = new((int)sequence);
            for (int i = 0; i < inputs.Length; i++) (inputs[i], targets[i]) = (random.Next(Vocabulary), random.Next(Vocabulary));
            return inputs.Length;
        }
    }
}
