using Sinter.Data.Examples;
using Sinter.Evaluation;
using Sinter.Evaluation.Baselines;

namespace Sinter.Tasks;

/// <summary>Makes the report of a finished model on its validation examples, all of them, beside what is reached without it.</summary>
internal static class ExampleReport
{
    private const long MostBaselineWeights = 1L << 26;

    public static TaskReport Make(string task, ExamplePredictor predictor, ExampleData data, Func<IExampleScores> scores)
    {
        var columns = new List<(string Name, IExampleScores Scores)> { ("model", OfModel(predictor, data, scores())) };
        float[] constant = Majority.Of(data.Train, data.Names.Count);
        columns.Add((data.Train.Labels is null && predictor.Problem == Models.ProblemKind.Regression ? "mean" : "majority", Of(data, scores(), (_, outputs) => constant.CopyTo(outputs))));
        // A vocabulary of pretrained size and many labels would make the comparison larger than the model.
        if ((long)data.Names.Count * data.Tokenizer.VocabSize <= MostBaselineWeights)
        {
            var bag = BagOfTokens.Train(data.Train, data.Names.Count, data.Tokenizer.VocabSize, predictor.Problem != Models.ProblemKind.Regression);
            columns.Add(("bag of tokens", Of(data, scores(), (example, outputs) => bag.Predict(data.Validation.TokensOf(example), outputs))));
        }
        var model = columns[0].Scores;
        var confusion = model.Confusion;
        return new TaskReport
        {
            Task = task,
            Unit = "examples",
            Trained = data.Train.Count,
            Validated = data.Validation.Count,
            Columns = [.. columns.Select(c => c.Name)],
            Figures = [.. model.Figures.Select((figure, i) => new ReportFigure(figure.Key, [.. columns.Select(c => (double?)c.Scores.Figures[i].Value)]))],
            Labels = [.. model.Labels.Select((counts, i) => LabelScores.Of(data.Names[i], counts))],
            Confusion = confusion is null ? null
                : [.. Enumerable.Range(0, confusion.Classes).Select(i => Enumerable.Range(0, confusion.Classes).Select(j => confusion[i, j]).ToArray())],
        };
    }

    private static IExampleScores OfModel(ExamplePredictor predictor, ExampleData data, IExampleScores scores)
    {
        var sequences = new ExampleValidation(data.Validation, data.Form, null);
        var outputs = new float[predictor.Outputs];
        predictor.Predict(sequences, (sequence, logits) =>
        {
            ExamplePredictor.Activate(predictor.Problem, logits, outputs);
            scores.Add(data.Validation, sequences.ExampleOf(sequence), outputs);
        });
        return scores;
    }

    private static IExampleScores Of(ExampleData data, IExampleScores scores, Action<long, float[]> predict)
    {
        var outputs = new float[data.Names.Count];
        for (long i = 0; i < data.Validation.Count; i++)
        {
            predict(i, outputs);
            scores.Add(data.Validation, i, outputs);
        }
        return scores;
    }
}
