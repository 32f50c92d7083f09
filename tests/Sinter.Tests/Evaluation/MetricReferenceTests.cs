using System.Text.Json;
using Sinter.Evaluation;

namespace Sinter.Tests.Evaluation;

/// <summary>Metrics against scikit-learn's definitions, computed by References/metrics/metrics.py.</summary>
public sealed class MetricReferenceTests
{
    // Both sides compute in double, in other orders.
    private const double Tolerance = 1e-12;

    private static readonly JsonElement[] All = [.. JsonDocument.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "References", "metrics", "metrics.json"))).RootElement.EnumerateArray()];

    public static TheoryData<int> Of(string kind) => [.. Enumerable.Range(0, All.Length).Where(i => All[i].GetProperty("kind").GetString() == kind)];

    [Theory, MemberData(nameof(Of), "classes")]
    public void Classes(int number)
    {
        var want = All[number];
        int[] truth = Integers(want, "truth"), prediction = Integers(want, "prediction");
        var matrix = new ConfusionMatrix(want.GetProperty("classes").GetInt32());
        for (int i = 0; i < truth.Length; i++) matrix.Add(truth[i], prediction[i]);
        for (int i = 0; i < matrix.Classes; i++)
        {
            for (int j = 0; j < matrix.Classes; j++) Assert.Equal(want.GetProperty("matrix")[i][j].GetInt64(), matrix[i, j]);
            Near(want.GetProperty("each")[i], matrix.Of(i).Precision, matrix.Of(i).Recall, matrix.Of(i).F1);
        }
        Near(want.GetProperty("informedness_each"), [.. Enumerable.Range(0, matrix.Classes).Select(i => matrix.Of(i).Informedness)]);
        Near(want.GetProperty("markedness_each"), [.. Enumerable.Range(0, matrix.Classes).Select(i => matrix.Of(i).Markedness)]);
        Averages(want, matrix.Seen);
        Near(want, "accuracy", matrix.Accuracy);
        Near(want, "matthews", matrix.MatthewsCorrelation);
        Near(want, "informedness", matrix.Informedness);
        Near(want, "markedness", matrix.Markedness);
        Assert.Equal(matrix.Informedness * matrix.Markedness, Math.Pow(matrix.MatthewsCorrelation, 2), Tolerance);
    }

    [Theory, MemberData(nameof(Of), "sets")]
    public void Sets(int number)
    {
        var want = All[number];
        int labels = want.GetProperty("truth")[0].GetArrayLength();
        var counts = new MultiLabelCounts(labels);
        foreach (var (truth, prediction) in want.GetProperty("truth").EnumerateArray().Zip(want.GetProperty("prediction").EnumerateArray()))
            counts.Add(Flags(truth), Flags(prediction));
        Near(want, "exact", counts.ExactMatch);
        Near(want, "hamming", counts.HammingLoss);
        Near(want.GetProperty("samples"), counts.Samples.Precision, counts.Samples.Recall, counts.Samples.F1);
        Averages(want, counts.Labels);
    }

    [Theory, MemberData(nameof(Of), "numbers")]
    public void Numbers(int number)
    {
        var want = All[number];
        var errors = new RegressionErrors(want.GetProperty("truth")[0].GetArrayLength());
        foreach (var (truth, prediction) in want.GetProperty("truth").EnumerateArray().Zip(want.GetProperty("prediction").EnumerateArray()))
            errors.Add(Floats(truth), Floats(prediction));
        Near(want, "mse", errors.MeanSquaredError);
        Near(want, "mae", errors.MeanAbsoluteError);
        Near(want, "r2", errors.R2);
        Near(want.GetProperty("r2_each"), [.. Enumerable.Range(0, errors.Numbers).Select(errors.R2Of)]);
    }

    [Fact]
    public void Of_one_example_there_is_no_R2()
    {
        var errors = new RegressionErrors(1);
        errors.Add([1], [2]);
        Assert.Equal(double.NaN, errors.R2);
        Assert.Equal(1, errors.MeanSquaredError);
    }

    private static void Averages(JsonElement want, IReadOnlyList<BinaryCounts> classes)
    {
        foreach (var (name, got) in new[] { ("macro", AveragedScores.Macro(classes)), ("micro", AveragedScores.Micro(classes)), ("weighted", AveragedScores.Weighted(classes)) })
            Near(want.GetProperty(name), got.Precision, got.Recall, got.F1);
    }

    private static void Near(JsonElement want, string name, double got) => Near(want.GetProperty(name).GetDouble(), got);

    private static void Near(JsonElement want, params double[] got)
    {
        Assert.Equal(want.GetArrayLength(), got.Length);
        for (int i = 0; i < got.Length; i++) Near(want[i].GetDouble(), got[i]);
    }

    private static void Near(double want, double got) => Assert.True(Math.Abs(want - got) <= Tolerance * Math.Max(1, Math.Abs(want)), $"{got} is not {want}");

    private static int[] Integers(JsonElement want, string name) => [.. want.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];

    private static float[] Floats(JsonElement row) => [.. row.EnumerateArray().Select(e => e.GetSingle())];

    private static bool[] Flags(JsonElement row) => [.. row.EnumerateArray().Select(e => e.GetInt32() == 1)];
}
