
namespace Sinter.Tests.Training;

public sealed class LearningTests
{
    // A text of 128 characters, seen whole in every batch: a model that learns at all knows it by heart.
    [Theory]
    [InlineData("gpt2"), InlineData("llama"), InlineData("gemma2"), InlineData("phi3")]
    public void A_short_text_is_learnt_by_heart(string architecture)
    {
        var model = SmallModels.Of(architecture);
        model.ContextLength = 64;
        var options = SmallLoop.Training(250, 8, 1, 5e-3);
        using var run = new SmallLoop(model, options, characters: 150).Run();
        double first = run.Losses[0], last = run.Losses[^10..].Average();
        Assert.InRange(first, 2.0, 4.5);
        Assert.True(last < 0.1, $"the loss went from {first} to {last}");
        var step = run.Events.OfType<Sinter.Training.StepCompleted>().Last();
        Assert.InRange(step.Accuracy, 0.95, 1.0);
    }
}
