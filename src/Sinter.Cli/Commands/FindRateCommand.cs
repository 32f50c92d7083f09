using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Sinter.Advice;
using Sinter.Cli.Shell;
using Sinter.Cli.Terminal;
using Sinter.Monitoring;
using Sinter.Monitoring.Reports;
using Sinter.Recipes;
using Sinter.Training;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter find-lr</c>: the range test of a recipe's learning rate.</summary>
internal static class FindRateCommand
{
    private static readonly Argument<string?> File = RecipeInput.File();
    private static readonly Option<string[]> Set = RecipeInput.Set();
    private static readonly Option<double> From = OptionParsing.Number("--from", "The first learning rate.", 1e-6);
    private static readonly Option<double> To = OptionParsing.Number("--to", "The last learning rate.", 10.0);
    private static readonly Option<long> Steps = OptionParsing.Number("--steps", "Steps from the first to the last.", 200L);
    private static readonly Option<string?> Svg = DrawingFile.Option();
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: suggestion, steepest, tenth_of_minimum, diverged, and points with learning_rate, loss and smooth_loss.");

    public static Command Create()
    {
        var command = new ExampleCommand("find-lr",
            "Find a learning rate: train a fresh model for a few steps while the rate rises, and see where the loss falls and where it breaks. Nothing is saved; "
            + "Ctrl-C ends it and shows what there is.",
            "sinter find-lr my.yaml", "sinter find-lr my.yaml --from 1e-5 --to 1 --steps 300 --svg rates.svg") { File, Set, From, To, Steps, Svg, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        double from = parsed.GetValue(From), to = parsed.GetValue(To);
        long steps = parsed.GetValue(Steps);
        if (!(from > 0)) throw new UsageException($"--from: {from} is no learning rate; give one above 0.");
        if (!(to > from) || !double.IsFinite(to)) throw new UsageException($"--to: {to} is not above --from ({from}).");
        if (steps is < 10 or > 1_000_000) throw new UsageException($"--steps: {steps}; give from 10 to 1,000,000.");
        var recipe = RecipeInput.Read(parsed.GetValue(File), parsed.GetValue(Set));
        using var signals = new StopSignals { First = signal => Messages.Line(signal == PosixSignal.SIGINT ? "\nCtrl-C: showing what there is." : $"\n{signal}: stopping.") };
        try
        {
            var sweep = new RateFinder(from, to, steps).Run(recipe, new Progress(steps), signals.Token);
            Messages.EndProgress();
            if (parsed.GetValue(Svg) is { } file && sweep.Rates.Count > 1) DrawingFile.Write(file, Chart(recipe, sweep));
            if (parsed.GetValue(Json)) Write(sweep);
            else Show(parsed, sweep);
            return signals.ExitCode;
        }
        catch (OperationCanceledException) when (signals.ExitCode != 0)
        {
            Messages.EndProgress();
            return signals.ExitCode;
        }
    }

    private static void Show(ParseResult parsed, RateSweep sweep)
    {
        var output = StandardOutput.Open();
        var values = Values(sweep);
        output.WriteLine($"loss over the learning rate, {sweep.Rates.Count} steps"
            + (sweep.HasDiverged ? $"; it diverged at {HumanFormat.Number(sweep.Rates[^1])}" : ""));
        output.WriteLine();
        if (sweep.Rates.Count > 1)
            CurveText.Write(output, Points(sweep, sweep.Losses), Points(sweep, sweep.Smooth), values, HumanFormat.Number(sweep.Rates[0]), HumanFormat.Number(sweep.Rates[^1]));
        output.WriteLine();
        if (sweep is not { Steepest: { } steepest, TenthOfMinimum: { } tenth, Suggestion: { } suggestion })
        {
            output.WriteLine("The loss did not fall, so there is nothing to suggest. Go on to larger rates (--to), take more steps (--steps), or see what the recipe lacks.");
            return;
        }
        new Fields()
            .Add("steepest fall", $"{HumanFormat.Number(steepest)}   where the smoothed loss falls fastest")
            .Add("minimum / 10", $"{HumanFormat.Number(tenth)}   a tenth of the rate at which it is lowest")
            .Add("suggested", $"{HumanFormat.Number(suggestion)}   the higher of the two, which is on the safe side")
            .Add("worth a trial", $"{HumanFormat.Number(5 * tenth)}   half of the minimum, with a warm-up and a falling schedule")
            .Write(output);
        if (sweep.Smooth[^1] <= sweep.Smooth.Min()) output.WriteLine("The loss still fell at the last rate, so its minimum is not seen: go on to larger rates (--to).");
        output.WriteLine();
        string path = parsed.GetValue(File) is { } file ? " " + file : "";
        string sets = string.Concat((parsed.GetValue(Set) ?? []).Select(s => $" --set \"{s}\""));
        output.WriteLine($"  {Invocation.Command} train{path}{sets} --set training.optimizer.learning_rate={HumanFormat.Number(suggestion)}");
    }

    private static SvgChart Chart(Recipe recipe, RateSweep sweep) =>
        new($"{recipe.Name}: learning-rate range test", "learning rate", "loss",
            [new SvgSeries("loss of each step", [.. sweep.Rates.Zip(sweep.Losses)]), new SvgSeries("smoothed", [.. sweep.Rates.Zip(sweep.Smooth)])])
        {
            LogarithmicX = true,
            YRange = Values(sweep),
            Marks = [.. new[] { (Rate: sweep.Steepest, Name: "steepest"), (Rate: sweep.TenthOfMinimum, Name: "min / 10") }
                .Where(m => m.Rate is not null).Select(m => (m.Rate!.Value, $"{m.Name} {HumanFormat.Number(m.Rate.Value)}"))],
        };

    // A divergence goes far beyond what there is to see: the frame ends a little above where the loss began.
    private static (double Low, double High) Values(RateSweep sweep)
    {
        double low = sweep.Losses.Min(), high = Math.Max(sweep.Smooth[0], sweep.Losses.Take(Math.Max(1, sweep.Losses.Count / 4)).Max());
        double room = Math.Max(0.1 * (high - low), 0.01);
        return (Math.Max(0, low - room / 2), high + 2 * room);
    }

    private static List<(double X, double Y)> Points(RateSweep sweep, IReadOnlyList<double> losses) => [.. sweep.Rates.Select(Math.Log10).Zip(losses)];

    private static void Write(RateSweep sweep) => JsonOutput.Write(json =>
    {
        json.WriteFinite("suggestion", sweep.Suggestion);
        json.WriteFinite("steepest", sweep.Steepest);
        json.WriteFinite("tenth_of_minimum", sweep.TenthOfMinimum);
        json.WriteBoolean("diverged", sweep.HasDiverged);
        json.WriteStartArray("points");
        for (int i = 0; i < sweep.Rates.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("learning_rate", sweep.Rates[i]);
            json.WriteFinite("loss", sweep.Losses[i]);
            json.WriteFinite("smooth_loss", sweep.Smooth[i]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private sealed class Progress(long steps) : ITrainingListener
    {
        private readonly Stopwatch _clock = new();

        public void On(TrainingEvent e)
        {
            if (e is Warned warning) Messages.Warning(warning.Message);
            if (e is Working working) Messages.Progress(working.Done is { } done ? $"{working.What} {(int)(100 * done)} %" : working.What);
            if (e is not StepCompleted step) return;
            // The first step compiles code and fills pools: the time of a step is that of the others.
            if (step.Step == 1) _clock.Restart();
            string left = step.Step < 3 ? "" : $" · {HumanFormat.Estimate(_clock.Elapsed / (step.Step - 1) * (steps - step.Step))} left";
            Messages.Progress($"step {step.Step} / {steps} · learning rate {HumanFormat.Number(step.LearningRate)} · loss {HumanFormat.Loss(step.Loss)}{left}");
        }
    }
}
