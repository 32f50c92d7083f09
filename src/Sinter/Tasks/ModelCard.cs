using System.Globalization;
using System.Text;
using Sinter.Checkpoints.Files;
using Sinter.Evaluation;
using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Monitoring.Reports;
using Sinter.Recipes;

namespace Sinter.Tasks;

/// <summary>What stands in the card of a model that a task trained.</summary>
/// <param name="PipelineTag">The kind of task as the Hugging Face Hub names it; null where it has no name.</param>
/// <param name="Does">What the model does, after "A GPT-2 with 124 M parameters that": <c>sorts texts into 4 labels</c>.</param>
/// <param name="Commands">How Sinter uses it: command lines, <c>MODEL</c> in place of the folder.</param>
/// <param name="Python">How transformers uses it: a program, <c>MODEL</c> in place of the folder.</param>
public sealed record CardPart(string? PipelineTag, string Does, IReadOnlyList<string> Commands, string Python);

/// <summary>The model card, <c>README.md</c> next to the weights (Mitchell et al., "Model Cards for Model Reporting", 2019): what the model does, how to use it, what it was
/// trained on and how well it did.</summary>
/// <param name="Recipe">The run's recipe.</param>
/// <param name="Model">The model.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Part">What the task says of it.</param>
/// <param name="Report">How well it did.</param>
public sealed record ModelCard(Recipe Recipe, ModelConfig Model, long Parameters, CardPart Part, TaskReport Report)
{
    /// <summary>How what the model knew before fared; null where it was not measured.</summary>
    public Forgetting? Forgotten { get; init; }

    /// <summary>The file's name in a model's folder.</summary>
    public const string FileName = "README.md";

    private const int MostColumns = 12, MostConfusions = 15;

    /// <summary>Writes the card into a model's folder.</summary>
    /// <exception cref="CheckpointException">It can't be written.</exception>
    public FileHash Write(string folder) => DurableFile.Write(Path.Combine(folder, FileName), Encoding.UTF8.GetBytes(ToString()));

    /// <summary>The card as Markdown.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append("---\nlibrary_name: transformers\n");
        if (Part.PipelineTag is { } tag) text.Append("pipeline_tag: ").Append(tag).Append('\n');
        text.Append("tags:\n- sinter\n- ").Append(Model.Architecture).Append("\n---\n\n");
        text.Append("# ").Append(Escape(Recipe.Name)).Append("\n\n");
        text.Append(CultureInfo.InvariantCulture, $"A {ReportWriter.ModelName(Model)} with {HumanFormat.Short(Parameters)} parameters that {Part.Does}, trained with Sinter.\n\n");
        text.Append("## Use\n\n```\n").AppendJoin('\n', Part.Commands).Append("\n```\n\nWith transformers:\n\n```python\n").Append(Part.Python.Trim()).Append("\n```\n\n");
        text.Append(CultureInfo.InvariantCulture, $"## Data\n\n{string.Join(", ", Recipe.Data.Text.Select(d => $"`{Shown(d)}`"))}: ");
        text.Append(CultureInfo.InvariantCulture, $"{HumanFormat.Count(Report.Trained)} {Report.Unit} to train on, {HumanFormat.Count(Report.Validated)} to validate with.\n\n");
        Figures(text);
        Before(text);
        Labels(text);
        Confusion(text);
        text.Append("## Recipe\n\n```yaml\n").Append(RecipeText().Trim()).Append("\n```\n");
        return text.ToString();
    }

    private void Figures(StringBuilder text)
    {
        text.Append("## Figures\n\nOf the finished model on the validation part");
        text.Append(Report.Columns.Count > 1 ? ", beside what is reached without it:\n\n" : ":\n\n");
        Row(text, ["", .. Report.Columns]);
        Rule(text, Report.Columns.Count);
        foreach (var figure in Report.Figures) Row(text, [ReportTask.Name(figure.Name), .. figure.Values.Select(ReportTask.Value)]);
        text.Append('\n');
    }

    private void Before(StringBuilder text)
    {
        if (Forgotten is not { } old) return;
        text.Append("## What was learned before\n\n");
        Row(text, ["On the old data", "before", "after"]);
        Rule(text, 2);
        Row(text, ["loss", HumanFormat.Loss(old.LossBefore), HumanFormat.Loss(old.LossAfter)]);
        Row(text, ["accuracy", HumanFormat.Percent(old.AccuracyBefore), HumanFormat.Percent(old.AccuracyAfter)]);
        text.Append('\n');
    }

    private void Labels(StringBuilder text)
    {
        if (Report.Labels.Count == 0) return;
        text.Append("## Labels\n\n");
        Row(text, ["label", "examples", "precision", "recall", "F1", "informedness", "markedness"]);
        Rule(text, 6);
        foreach (var l in Report.Labels)
            Row(text, [l.Label, HumanFormat.Count(l.Support), .. new[] { l.Precision, l.Recall, l.F1, l.Informedness, l.Markedness }.Select(v => ReportTask.Value(v))]);
        text.Append('\n');
    }

    private void Confusion(StringBuilder text)
    {
        if (Report.Confusion is not { } matrix) return;
        text.Append("## Confusion matrix\n\n");
        if (matrix.Count <= MostColumns)
        {
            Row(text, ["true, predicted as", .. Report.Labels.Select(l => l.Label)]);
            Rule(text, matrix.Count);
            for (int i = 0; i < matrix.Count; i++) Row(text, [Report.Labels[i].Label, .. matrix[i].Select(HumanFormat.Count)]);
        }
        else
        {
            text.Append("The most frequent confusions; the whole matrix is in `").Append(TaskReport.FileName).Append("`.\n\n");
            Row(text, ["true", "predicted as", "examples"]);
            Rule(text, 2);
            foreach (var (actual, predicted, count) in Confusions(matrix).OrderByDescending(c => c.Count).Take(MostConfusions))
                Row(text, [Report.Labels[actual].Label, Report.Labels[predicted].Label, HumanFormat.Count(count)]);
        }
        text.Append('\n');
    }

    private static IEnumerable<(int Actual, int Predicted, long Count)> Confusions(IReadOnlyList<long[]> matrix)
    {
        for (int i = 0; i < matrix.Count; i++)
            for (int j = 0; j < matrix.Count; j++)
                if (i != j && matrix[i][j] > 0) yield return (i, j, matrix[i][j]);
    }

    private static void Row(StringBuilder text, IReadOnlyList<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(Escape)).Append(" |\n");

    private static void Rule(StringBuilder text, int numbers) => text.Append("|---|").Insert(text.Length, "---:|", numbers).Append('\n');

    // The card leaves the machine; the folders on it are nobody's business.
    private string RecipeText() => Recipe.Data.Text.Concat(Recipe.Data.Validation).Append(Recipe.Model.Pretrained ?? "").Where(Path.IsPathRooted)
        .OrderByDescending(path => path.Length).Aggregate(RecipeWriter.Write(Recipe), (text, path) => text.Replace(path, Shown(path), StringComparison.Ordinal));

    private static string Shown(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    private static string Escape(string text) =>
        PrintableText.Of(text).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal).Replace("\n", " ", StringComparison.Ordinal)
            .Replace("<", "\\<", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
