using System.Globalization;
using System.Text.Json;
using Sinter.Data.Examples;
using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Tasks;

namespace Sinter.Cli.Shell;

/// <summary>Shows what a model says of texts: a line each, for people or as JSON.</summary>
/// <param name="predictor">The model.</param>
/// <param name="threshold">The least probability of a label that is predicted, where a text may have any number.</param>
/// <param name="top">Labels to show; 0 is all.</param>
/// <param name="isJson">Whether a line is a JSON object.</param>
/// <param name="withText">Whether a line for people ends with the text.</param>
internal sealed class PredictionOutput(TextPredictor predictor, double threshold, int top, bool isJson, bool withText)
{
    private const int LongestText = 60;

    private readonly TextWriter _output = StandardOutput.Open();

    /// <summary>Writes a text's line.</summary>
    public void Write(Example example, float[] outputs)
    {
        if (isJson) JsonOutput.Write(json => Write(json, example, outputs));
        else _output.WriteLine(withText ? $"{Line(outputs)}  {Shown(example.Text)}" : Line(outputs));
    }

    private string Line(float[] outputs) => predictor.Problem switch
    {
        ProblemKind.Regression => string.Join("  ", predictor.Names.Zip(outputs, (name, value) => $"{PrintableText.Of(name)} {Number(value)}")),
        ProblemKind.MultiLabel => Chosen(outputs) is { Length: > 0 } chosen ? Likeliest(outputs, chosen) : "(none)",
        _ => Likeliest(outputs, top > 0 ? [.. Ranked(outputs).Take(top)] : Ranked(outputs)),
    };

    private string Likeliest(float[] outputs, int[] labels) =>
        string.Join("  ", labels.Select(i => $"{PrintableText.Of(predictor.Names[i])} {outputs[i].ToString("0.0000", CultureInfo.InvariantCulture)}"));

    private void Write(Utf8JsonWriter json, Example example, float[] outputs)
    {
        json.WriteString("text", example.Text);
        if (example.Pair is not null) json.WriteString("pair", example.Pair);
        if (predictor.Problem == ProblemKind.Regression)
        {
            Values(json, "values", outputs, [.. Enumerable.Range(0, outputs.Length)]);
            return;
        }
        if (predictor.Problem == ProblemKind.SingleLabel) json.WriteString("label", predictor.Names[Ranked(outputs)[0]]);
        else
        {
            json.WriteStartArray("labels");
            foreach (int i in Chosen(outputs)) json.WriteStringValue(predictor.Names[i]);
            json.WriteEndArray();
        }
        Values(json, "probabilities", outputs, top > 0 ? [.. Ranked(outputs).Take(top)] : Ranked(outputs));
    }

    private void Values(Utf8JsonWriter json, string name, float[] outputs, int[] labels)
    {
        json.WriteStartObject(name);
        foreach (int i in labels) json.WriteFinite(predictor.Names[i], outputs[i]);
        json.WriteEndObject();
    }

    private static int[] Ranked(float[] outputs) => [.. Enumerable.Range(0, outputs.Length).OrderByDescending(i => outputs[i])];

    private int[] Chosen(float[] outputs) => [.. Ranked(outputs).Where(i => outputs[i] >= threshold)];

    private static string Number(float value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Shown(string text)
    {
        string line = PrintableText.Of(text.ReplaceLineEndings(" "));
        return line.Length <= LongestText ? line : line[..(LongestText - 1)] + "…";
    }
}
