using Sinter.Training;
using Sinter.Training.Regularization;

namespace Sinter.Tests.Training;

/// <summary>Penalties against PyTorch's gradients with the penalty in the loss: see gradients.py.</summary>
public sealed class PenaltyTests
{
    public static TheoryData<string> Names => [.. PenaltyRegistry.All.Names.Where(n => n != "ewc")];

    // Two roundings to float32 of each element: of the penalty's term and of the sum.
    [Theory, MemberData(nameof(Names))]
    public void As_in_the_loss_of_the_reference(string name)
    {
        using var fixture = new GradientFixture();
        PenaltyOptions options = name switch
        {
            "l1" => new L1PenaltyOptions { Strength = 0.01 },
            "l2" => new L2PenaltyOptions { Strength = 0.1 },
            "elastic_net" => new ElasticNetPenaltyOptions { L1 = 0.02, L2 = 0.3 },
            _ => throw new ArgumentException($"No case for the penalty '{name}': add one.", nameof(name)),
        };
        double value = options.Create(fixture.Parameters).Add();
        var want = fixture.Json.GetProperty(name);
        Assert.Equal(want.GetProperty("value").GetDouble(), value, 1e-12 * value);
        fixture.AssertGradients(want.GetProperty("gradients"), 1, 1e-7);
        Assert.Equal(GradientFixture.Numbers(fixture.Json.GetProperty("gradients"), "bias"), fixture.Parameters.Single(p => p.Name == "bias").Value.Grad.ToArray().Select(g => (double)g));
    }

    // F, the pull and the sum are rounded to float32 each.
    [Fact]
    public void Elastic_weight_consolidation_as_in_the_loss_of_the_reference()
    {
        using var fixture = new GradientFixture();
        var penalty = (EwcPenalty)new EwcPenaltyOptions { Strength = 2, Match = ["*"], Exclude = ["bias"] }.Create(fixture.Parameters);
        Assert.False(penalty.IsReady);
        penalty.Anchor();
        Assert.Equal(0, penalty.Add());
        penalty.Observe(0.75);
        penalty.Observe(0.25);
        Assert.Equal(0, penalty.Add());
        foreach (var parameter in fixture.Parameters)
            foreach (ref float w in parameter.Value.Span) w = w * 1.5f + 0.25f;
        double value = penalty.Add();
        var want = fixture.Json.GetProperty("ewc");
        Assert.Equal(want.GetProperty("value").GetDouble(), value, 1e-6 * value);
        fixture.AssertGradients(want.GetProperty("gradients"), 1, 2e-7);
    }

    [Fact]
    public void Names_choose_its_weights()
    {
        using var fixture = new GradientFixture();
        Assert.Equal(["bias", "one"], Changed(fixture, new L2PenaltyOptions { Match = ["bias", "o?e"] }));
        Assert.Equal(["inputs_by_outputs", "outputs_by_inputs"], Changed(fixture, new L2PenaltyOptions { Exclude = ["he*"] }));
        Assert.Equal(fixture.Parameters.Select(p => p.Name), Changed(fixture, new L2PenaltyOptions { Match = ["*"] }));
        Assert.Contains("heat", Assert.Throws<RecipeException>(() => new L1PenaltyOptions { Match = ["heat"] }.Create(fixture.Parameters)).Message, StringComparison.Ordinal);
        Assert.Throws<RecipeException>(() => new L1PenaltyOptions { Exclude = ["*"] }.Create(fixture.Parameters));
    }

    [Fact]
    public void Once_a_step_and_apart_from_the_loss()
    {
        using var whole = new SmallLoop(SmallModels.Of("gpt2", 0), With(12, 1)).Run();
        using var parts = new SmallLoop(SmallModels.Of("gpt2", 0), With(4, 3)).Run();
        using var without = new SmallLoop(SmallModels.Of("gpt2", 0), SmallLoop.Training(6, 12, 1)).Run();
        var steps = whole.Events.OfType<StepCompleted>().Zip(parts.Events.OfType<StepCompleted>()).ToList();
        Assert.Equal(6, steps.Count);
        Assert.All(steps, s => Assert.Equal(s.First.Penalty!.Value, s.Second.Penalty!.Value, 1e-4 * s.First.Penalty.Value));
        Assert.All(steps, s => Assert.Equal(s.First.Loss, s.Second.Loss, 1e-5 * s.First.Loss));
        Assert.Equal(without.Losses[0], whole.Losses[0]);
        Assert.NotEqual(without.Losses[5], whole.Losses[5]);
        Assert.True(steps[5].First.Penalty < steps[0].First.Penalty, "the penalty does not fall");
        Assert.All(without.Events.OfType<StepCompleted>(), s => Assert.Null(s.Penalty));
    }

    private static TrainingOptions With(int batch, int accumulation)
    {
        var options = SmallLoop.Training(6, batch, accumulation);
        options.Penalty = new ElasticNetPenaltyOptions { L1 = 0.01, L2 = 0.1 };
        return options;
    }

    private static IEnumerable<string> Changed(GradientFixture fixture, PenaltyOptions options)
    {
        fixture.Reset();
        options.Create(fixture.Parameters).Add();
        return fixture.Parameters.Where(p => !p.Value.Grad.ToArray().Select(g => (double)g).SequenceEqual(
            GradientFixture.Numbers(fixture.Json.GetProperty("gradients"), p.Name))).Select(p => p.Name);
    }
}
