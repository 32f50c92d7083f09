using Sinter.Checkpoints.HuggingFace;
using Sinter.Evaluation;
using Sinter.Recipes;
using Sinter.Tasks;
using Sinter.Tests.Training;

namespace Sinter.Tests.Tasks;

/// <summary>Runs of the task <c>instruct</c>.</summary>
public sealed class InstructRunTests
{
    [Theory]
    [InlineData("documents"), InlineData("packed")]
    public void A_run_learns_to_answer_and_keeps_its_template(string sequences)
    {
        using var run = new SmallRun("chats");
        run.Train(Recipe(run, sequences));
        Assert.Empty(run.Warnings);
        Assert.True(run.Metrics[^1].ValidationLoss < run.Metrics[0].ValidationLoss - 0.5, $"{run.Metrics[0].ValidationLoss} to {run.Metrics[^1].ValidationLoss}");
        foreach (string folder in (string[])["model", "checkpoints/step-000030"])
            Assert.Contains("im_start", ChatFiles.Read(run[folder]).TemplateText!, StringComparison.Ordinal);
        var report = TaskReport.Read(run["model"])!;
        Assert.Equal(("instruct", "tokens of answers"), (report.Task, report.Unit));
        Assert.Equal(8 * report.Trained, 32 * report.Validated, 0.05 * 8 * report.Trained);
        string card = File.ReadAllText(Path.Combine(run["model"], ModelCard.FileName));
        Assert.Contains("sinter chat MODEL", card, StringComparison.Ordinal);
        Assert.Contains("apply_chat_template", card, StringComparison.Ordinal);
        Assert.Contains("that answers, trained", card, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_stopped_goes_on_with_the_same_bits()
    {
        using SmallRun whole = new("chats"), stopped = new("chats");
        whole.Train(Recipe(whole, "packed"));
        stopped.Train(Recipe(stopped, "packed"), stopAt: 13);
        stopped.Train(null, resume: true);
        Assert.Equal(whole.Weights, stopped.Weights);
    }

    [Fact]
    public void Fine_tuning_takes_the_models_own_template_and_a_text_run_keeps_it()
    {
        using SmallRun first = new("chats"), second = new("more"), third = new("text");
        first.Train(Recipe(first, "documents"));
        second.Train(Recipe(second, "packed", $"pretrained: {first["model"]}", "instruct"));
        Assert.Equal(ChatFiles.Read(first["model"]).TemplateText, ChatFiles.Read(second["model"]).TemplateText);
        Assert.True(second.Metrics[0].ValidationLoss < first.Metrics[0].ValidationLoss - 0.5, "it begins where the first one ended");
        third.Train(third.Parse($$"""
            data: { text: text.txt }
            model: { pretrained: {{first["model"]}} }
            training: { max_steps: 2, batch_size: 2, threads: 2, precision: fp32 }
            sample: { max_new_tokens: 0 }
            """));
        Assert.Equal(ChatFiles.Read(first["model"]).TemplateText, ChatFiles.Read(third["model"]).TemplateText);
    }

    [Fact]
    public void A_file_of_its_own_validates()
    {
        using SmallRun run = new("chats"), empty = new("empty");
        var recipe = Recipe(run, "documents");
        string held = Path.Combine(Path.GetDirectoryName(run.Folder)!, "held.jsonl");
        File.WriteAllLines(held, Enumerable.Range(0, 5).Select(i => $$"""{"prompt":"What is {{i}}?","completion":"a number"}"""));
        recipe.Data.Validation = [held];
        recipe.Training.MaxSteps = 2;
        run.Train(recipe);
        var report = TaskReport.Read(run["model"])!;
        // Forty answers of 3 or 4 letters, five of 8, and the two tokens that end each turn: bytes.
        int end = "<|im_end|>".Length;
        Assert.Equal((20 * (4 + end) + 20 * (3 + end), 5 * (8 + end)), (report.Trained, report.Validated));
        File.WriteAllText(held, "");
        recipe = Recipe(empty, "documents");
        recipe.Data.Validation = [held];
        Assert.Contains("data.validation", Assert.ThrowsAny<SinterException>(() => empty.Train(recipe)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_template_asks_for_one()
    {
        using var run = new SmallRun("chats");
        var error = Assert.Throws<RecipeException>(() => run.Train(Recipe(run, "packed", Shape, "instruct")));
        Assert.Contains("task.chat_template", error.Message, StringComparison.Ordinal);
        Assert.Contains("chatml", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_template_and_a_wrong_date_are_refused()
    {
        using var run = new SmallRun("chats");
        Assert.Contains("nonsense", Assert.ThrowsAny<SinterException>(() => run.Train(Recipe(run, "packed", Shape, "{ name: instruct, chat_template: nonsense }"))).Message, StringComparison.Ordinal);
        Assert.Contains("task.date", Assert.Throws<RecipeException>(() => Recipe(run, "packed", Shape, "{ name: instruct, chat_template: chatml, date: today }")).Message, StringComparison.Ordinal);
    }

    private const string Shape = "architecture: llama, num_layers: 1, num_heads: 2, hidden_size: 16";

    private static Recipe Recipe(SmallRun run, string sequences, string model = Shape, string task = "{ name: instruct, chat_template: chatml }")
    {
        string chats = Path.Combine(Path.GetDirectoryName(run.Folder)!, "chats.jsonl");
        File.WriteAllLines(chats, Enumerable.Range(0, 40).Select(i => $$"""{"prompt":"What is {{i}}?","completion":"{{(i % 2 == 0 ? "even" : "odd")}}"}"""));
        return run.Parse($$"""
            name: {{run.Name}}
            task: {{task}}
            data: { text: chats.jsonl, tokenizer: { kind: bytes }, validation_fraction: 0.2, sequences: {{sequences}} }
            model: { {{model}}, context_length: 192 }
            training: { max_steps: 30, batch_size: 3, optimizer: { name: adamw, learning_rate: 0.02 }, eval_every: 10, save_every: 10, keep: 2, precision: fp32, threads: 2 }
            sample: { max_new_tokens: 0 }
            """);
    }
}
