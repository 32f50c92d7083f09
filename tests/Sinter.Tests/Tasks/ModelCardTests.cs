using Sinter.Evaluation;
using Sinter.Models;
using Sinter.Recipes;
using Sinter.Tasks;
using Sinter.Tests.Data;

namespace Sinter.Tests.Tasks;

public sealed class ModelCardTests
{
    private static readonly ModelConfig Config = Architectures.Configure(new ModelOptions(), 300, null);
    private static readonly CardPart Part = new("text-classification", "sorts texts into 2 labels", ["sinter predict MODEL --text \"a text\""], "print(1)");

    [Fact]
    public void A_card_says_what_how_on_what_and_how_well()
    {
        string card = new ModelCard(Recipe("data: { text: /home/ann/secret/mails.csv }\nname: my run & co\ntraining: { max_steps: 1 }"), Config, 123_456, Part, Report(2)).ToString();
        Assert.StartsWith("---\nlibrary_name: transformers\npipeline_tag: text-classification\ntags:\n- sinter\n- gpt2\n---\n\n# my run & co\n", card, StringComparison.Ordinal);
        Assert.Contains("A GPT-2 with 123 k parameters that sorts texts into 2 labels, trained with Sinter.", card, StringComparison.Ordinal);
        Assert.Contains("`mails.csv`: 90 examples to train on, 10 to validate with.", card, StringComparison.Ordinal);
        Assert.Contains("|  | model | majority |\n|---|---:|---:|\n| F1 (macro) | 0.7500 | 0.4000 |\n", card, StringComparison.Ordinal);
        Assert.Contains("| true, predicted as | l0\\|x | l1\\|x |\n|---|---:|---:|\n| l0\\|x | 4 | 1 |\n| l1\\|x | 1 | 4 |\n", card, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", card, StringComparison.Ordinal);
        Assert.Contains("max_steps: 1", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_labels_the_worst_confusions_are_shown()
    {
        string card = new ModelCard(Recipe("data: { text: a.csv }\ntraining: { max_steps: 1 }"), Config, 1, Part, Report(13)).ToString();
        Assert.Contains("The most frequent confusions; the whole matrix is in `evaluation.json`.", card, StringComparison.Ordinal);
        Assert.Contains("| l0\\|x | l1\\|x | 1 |", card, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_is_read_as_it_was_written()
    {
        using var folder = new TempFolder();
        Assert.Null(TaskReport.Read(folder.Path));
        var report = Report(3) with { Figures = [new("f1", [0.5, double.NaN, null])] };
        report.Write(folder.Path);
        var read = TaskReport.Read(folder.Path)!;
        Assert.Equal(report.Figures[0].Values, read.Figures[0].Values);
        Assert.Equal(report.Labels, read.Labels);
        Assert.Equal(report.Confusion, read.Confusion);
        folder.File(TaskReport.FileName, "{");
        Assert.Contains("evaluation.json: can't be read", Assert.Throws<CheckpointException>(() => TaskReport.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static Recipe Recipe(string yaml) => RecipeReader.Parse(yaml, Path.Combine(Path.GetTempPath(), "card.yaml"));

    private static TaskReport Report(int labels) => new()
    {
        Task = "classify", Unit = "examples", Trained = 90, Validated = 10, Columns = ["model", "majority"],
        Figures = [new("f1", [0.75, 0.4])],
        Labels = [.. Enumerable.Range(0, labels).Select(i => LabelScores.Of($"l{i}|x", new BinaryCounts(4, 1, 1, 4)))],
        Confusion = [.. Enumerable.Range(0, labels).Select(i => Enumerable.Range(0, labels).Select(j => i == j ? 4L : 1).ToArray())],
    };
}
