using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Tensors;
using Sinter.Tests.Models;

namespace Sinter.Tests.Optimizers;

/// <summary>Every optimizer that treats elements alone against PyTorch's in float64: see References/optimizers.</summary>
public sealed class ElementwiseTests
{
    public static TheoryData<int, string> Cases =>
        new(ElementwiseCase.All.Select((c, i) => new TheoryDataRow<int, string>(i, ElementwiseCase.Describe(c))));

    // The reference is float64 too, and a case in which rounding would grow to what could be seen here is refused by its script.
    [Theory, MemberData(nameof(Cases))]
    public void Two_hundred_updates_in_float64(int number, string optimizer)
    {
        var json = ElementwiseCase.All[number];
        using var mine = new ElementwiseCase(json, DType.Float64);
        var wanted = json.GetProperty("weights").EnumerateArray().ToDictionary(w => w.GetProperty("step").GetInt32(), w => AdamWCase.Numbers(w, "values"));
        for (int step = 1; step <= 200; step++)
        {
            mine.Step();
            if (wanted.Remove(step, out double[]? want)) Assert.True(Distance(want, mine.Weights) <= 1e-10, $"{optimizer}, step {step}: {Distance(want, mine.Weights)}");
        }
        Assert.Empty(wanted);
    }

    // A few roundings of 6e-8, of the weights and memory as they were recorded and of the weights as they become.
    [Theory, MemberData(nameof(Cases))]
    public void One_update_in_float32_from_every_recorded_state(int number, string optimizer)
    {
        using var mine = new ElementwiseCase(ElementwiseCase.All[number], DType.Float32);
        foreach (var state in ElementwiseCase.All[number].GetProperty("states").EnumerateArray())
        {
            mine.Load(state);
            mine.StepWith(AdamWCase.Gradient(AdamWCase.Numbers(state, "weights")));
            double[] want = AdamWCase.Numbers(state, "next");
            Assert.True(Distance(want, mine.Weights) <= 1e-6, $"{optimizer}, after step {state.GetProperty("step")}: {Distance(want, mine.Weights)}");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void A_saved_state_goes_on_to_the_bit(int number, string optimizer)
    {
        using ElementwiseCase whole = new(ElementwiseCase.All[number], DType.Float32), resumed = new(ElementwiseCase.All[number], DType.Float32);
        for (int i = 0; i < 7; i++) whole.Step();
        resumed.Take(whole);
        for (int i = 0; i < 7; i++)
        {
            whole.Step();
            resumed.Step();
            Assert.True(whole.Bits.SequenceEqual(resumed.Bits), $"{optimizer}, {i + 1} steps after the state was loaded");
        }
    }

    [Fact]
    public void Every_optimizer_has_a_reference()
    {
        string[] elementwise = [.. ElementwiseCase.All.Select(ElementwiseCase.NameOf).Distinct()];
        string folder = Path.Combine(Reference.Folder("."), "..", "optimizers");
        Assert.All(OptimizerRegistry.All.Names, name => Assert.True(elementwise.Contains(name) || File.Exists(Path.Combine(folder, name + ".json")),
            $"'{name}' has no reference: add a case to References/optimizers/elementwise.py, or a script of its own."));
    }

    // Whole vectors, tails and several tiles; and what is no state is not kept.
    [Fact]
    public void Every_length_and_no_needless_state()
    {
        using var device = new CpuDevice(2);
        var weight = device.Parameter(new Shape(40_001));
        long before = device.Memory.ExactBytes;
        var sgd = new SgdOptions().Create([new Parameter("w", weight)]);
        Assert.Equal(before, device.Memory.ExactBytes);
        device.Tape.GradTarget(weight, out _).Span.Fill(2);
        sgd.Update(0.25, 0.5);
        Assert.All(weight.ToArray(), w => Assert.Equal(-0.25f, w));
    }

    // The variance of a constant gradient is zero, and float32 may find it less than that.
    [Fact]
    public void A_constant_gradient_leaves_a_centred_root_a_number()
    {
        using var device = new CpuDevice(1);
        var weight = device.Parameter(new Shape(1000));
        var optimizer = new RmsPropOptions { Centered = true, Beta = 0.5 }.Create([new Parameter("w", weight)]);
        for (int step = 0; step < 100; step++)
        {
            var gradient = device.Tape.GradTarget(weight, out _).Span;
            for (int i = 0; i < gradient.Length; i++) gradient[i] = 0.1f + i * 0.37f;
            optimizer.Update(1e-9, 1);
        }
        Assert.All(weight.ToArray(), w => Assert.True(float.IsFinite(w)));
    }

    private static double Distance(double[] want, double[] got) => Math.Sqrt(want.Zip(got, (a, b) => (a - b) * (a - b)).Sum() / want.Sum(a => a * a));
}
