using System.CommandLine;
using Sinter.Cli.Bench;
using Sinter.Cli.Shell;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter bench step</c>.</summary>
internal static class BenchStepCommand
{
    private static readonly Option<string> Shape = BenchCommand.ShapeOption("The model and batch");
    private static readonly Option<int?> Steps =
        OptionParsing.OptionalNumber<int>("--steps", "Steps to time, after two that warm up [default: the shape's, for 3 seconds at least].");
    private static readonly Option<int?> Batch = OptionParsing.OptionalNumber<int>("--batch", "Sequences a step [default: the shape's].");
    private static readonly Option<int?> Context = OptionParsing.OptionalNumber<int>("--context", "Tokens a sequence [default: the shape's].");
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();
    private static readonly Option<string?> Record = new("--record")
    {
        Description = "Write the first weights, the tokens and the losses there, for another program to do the same steps.",
        HelpName = "DIR",
    };

    private static readonly Option<bool> Checkpoint = new("--activation-checkpointing")
    {
        Description = "Compute each block again in the backward pass instead of keeping what is inside.",
    };

    private static readonly Option<bool> Json = OptionParsing.Json(
        "Print one object: config, batch, context, precision, activation_checkpointing, tokens_per_second (median), best, ms_per_step, peak_mib, threads, instruction_set, steps, "
        + "first_step_ms (since the process began), loss.");

    public static Command Create()
    {
        Shape.Required = true;
        var command = new ExampleCommand("step",
            "Time training steps on random tokens (forward, loss, backward, clip, AdamW), and show where their time and memory go.",
            "sinter bench step --shape gpt2-short --precision bf16 --json") { Shape, Batch, Context, Precision, Steps, Threads, Checkpoint, Record, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        int? steps = AtLeastOne(parsed, Steps);
        var shape = BenchShape.Find(parsed.GetValue(Shape)!)!.With(AtLeastOne(parsed, Batch), AtLeastOne(parsed, Context));
        using var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
        var report = new StepReport(shape, device, parsed.GetValue(Checkpoint)).Measure(steps, parsed.GetValue(Record));
        if (parsed.GetValue(Json)) report.WriteJson();
        else report.Show(StandardOutput.Open());
        return ExitCode.Success;
    }

    private static int? AtLeastOne(ParseResult parsed, Option<int?> option)
    {
        int? value = parsed.GetValue(option);
        return value is < 1 ? throw new UsageException($"{option.Name}: {value} is out of range; give 1 or more.") : value;
    }
}
