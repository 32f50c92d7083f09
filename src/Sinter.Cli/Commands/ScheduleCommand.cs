using System.CommandLine;
using Sinter.Cli.Shell;
using Sinter.Cli.Terminal;
using Sinter.Monitoring;
using Sinter.Monitoring.Reports;
using Sinter.Recipes;
using Sinter.Schedules;
using Sinter.Training;
using Sinter.Training.Batches;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter schedule</c>: the learning rate of a recipe over its steps.</summary>
internal static class ScheduleCommand
{
    private const int MostPoints = 2000;

    private static readonly Argument<string?> File = RecipeInput.File();
    private static readonly Option<string[]> Set = RecipeInput.Set();
    private static readonly Option<string?> Svg = DrawingFile.Option();
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: schedule, steps, and points with step, learning_rate and, where it moves, momentum.");

    public static Command Create()
    {
        var command = new ExampleCommand("schedule", "Draw the learning rate of a recipe over its steps; nothing is trained.",
            "sinter schedule my.yaml", "sinter schedule my.yaml --set training.schedule=one_cycle --svg schedule.svg") { File, Set, Svg, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var recipe = RecipeInput.Read(parsed.GetValue(File), parsed.GetValue(Set));
        using var signals = new StopSignals();
        try
        {
            long steps = Steps(recipe, signals.Token);
            var schedule = recipe.Training.Schedule.Create(recipe.Training.Optimizer.LearningRate, steps);
            if (parsed.GetValue(Svg) is { } file) DrawingFile.Write(file, Chart(recipe, schedule, steps));
            if (parsed.GetValue(Json)) Write(recipe, schedule, steps);
            else Show(recipe, schedule, steps);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (signals.ExitCode != 0)
        {
            Messages.EndProgress();
            return signals.ExitCode;
        }
    }

    // A length in tokens or passes is one in steps only with the text.
    private static long Steps(Recipe recipe, CancellationToken cancellation)
    {
        var training = recipe.Training;
        if (training.MaxSteps is { } steps) return steps;
        using var data = RecipeInput.Data(recipe, recipe.OpenModel(), cancellation);
        var sequences = data.Sequences.Train;
        return TrainingPlan.Of(training, training.BatchSize.Create(new BatchFacts(sequences, training.GradientAccumulation, training.Seed)), sequences).TotalSteps;
    }

    private static void Show(Recipe recipe, ISchedule schedule, long steps)
    {
        var output = StandardOutput.Open();
        var points = Points(schedule, steps, MostPoints);
        var (lowest, highest) = (points.MinBy(p => p.Y), points.MaxBy(p => p.Y));
        output.WriteLine($"{recipe.Training.Schedule.Name}: learning rate over {HumanFormat.Count(steps)} steps");
        output.WriteLine();
        CurveText.Write(output, points.Count == 1 ? [(0, points[0].Y), points[0]] : points, [], (0, Math.Max(highest.Y, double.Epsilon)), "step 1", HumanFormat.Count(steps));
        output.WriteLine();
        var fields = new Fields()
            .Add("first", HumanFormat.Number(points[0].Y))
            .Add("highest", $"{HumanFormat.Number(highest.Y)} at step {HumanFormat.Count((long)highest.X)}")
            .Add("lowest", $"{HumanFormat.Number(lowest.Y)} at step {HumanFormat.Count((long)lowest.X)}")
            .Add("last", HumanFormat.Number(points[^1].Y))
            .Add("mean", HumanFormat.Number(points.Average(p => p.Y)));
        if (schedule.MomentumAt(1) is not null) fields.Add("momentum", $"{Momenta(schedule, steps).Min():0.###} to {Momenta(schedule, steps).Max():0.###}");
        fields.Write(output);
        if (schedule is IMetricSchedule) output.WriteLine("It falls when a metric stops to get better, which only a run can show; drawn is what it is until then.");
    }

    private static SvgChart Chart(Recipe recipe, ISchedule schedule, long steps)
    {
        var points = Points(schedule, steps, 10 * MostPoints);
        return new SvgChart($"{recipe.Name}: {recipe.Training.Schedule.Name}", "steps", "learning rate", [new SvgSeries(recipe.Training.Schedule.Name, points)])
        {
            YRange = (0, points.Max(p => p.Y)),
        };
    }

    private static void Write(Recipe recipe, ISchedule schedule, long steps) => JsonOutput.Write(json =>
    {
        json.WriteString("schedule", recipe.Training.Schedule.Name);
        json.WriteNumber("steps", steps);
        json.WriteStartArray("points");
        foreach (var (x, rate) in Points(schedule, steps, 10 * MostPoints))
        {
            json.WriteStartObject();
            json.WriteNumber("step", (long)x);
            json.WriteNumber("learning_rate", rate);
            if (schedule.MomentumAt((long)x) is { } momentum) json.WriteNumber("momentum", momentum);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static IEnumerable<double> Momenta(ISchedule schedule, long steps) => Points(schedule, steps, MostPoints).Select(p => schedule.MomentumAt((long)p.X) ?? 0);

    // Every step of a short run, else evenly spread ones, the first and the last among them.
    private static List<(double X, double Y)> Points(ISchedule schedule, long steps, int most)
    {
        int count = (int)Math.Min(steps, most);
        return [.. Enumerable.Range(0, count).Select(i => count == 1 ? 1 : 1 + (long)((Int128)(steps - 1) * i / (count - 1))).Select(s => ((double)s, schedule.At(s)))];
    }
}
