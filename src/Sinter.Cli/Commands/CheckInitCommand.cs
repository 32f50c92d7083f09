using System.CommandLine;
using Sinter.Cli.Shell;
using Sinter.Cli.Terminal;
using Sinter.Data;
using Sinter.Evaluation;
using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Recipes;
using Sinter.Tensors;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter check-init</c>: how a recipe's model begins.</summary>
internal static class CheckInitCommand
{
    private const int Tokens = 4096;

    private static readonly Argument<string?> RecipePath = RecipeInput.File();
    private static readonly Option<string[]> Set = RecipeInput.Set();
    private static readonly Option<bool> Json = OptionParsing.Json(
        "Print one object: verdict, reasons, advice, loss, uniform_loss, added_by_blocks, gradient_growth, and layers with their spreads.");

    public static Command Create()
    {
        var command = new ExampleCommand("check-init",
            "Show the spread of activations and gradients by layer before the first step, and whether they vanish, explode or are sound.",
            "sinter check-init my.yaml", "sinter check-init my.yaml --set model.initializer=he_normal --json") { RecipePath, Set, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var recipe = RecipeInput.Read(parsed.GetValue(RecipePath), parsed.GetValue(Set));
        using var signals = new StopSignals();
        try
        {
            var report = Check(recipe, signals.Token);
            if (parsed.GetValue(Json)) Write(report);
            else Show(report);
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (signals.ExitCode != 0)
        {
            Messages.EndProgress();
            return signals.ExitCode;
        }
    }

    private static InitializationReport Check(Recipe recipe, CancellationToken cancellation)
    {
        var source = recipe.OpenModel();
        using var data = RecipeInput.Data(recipe, source, cancellation);
        // Float32, so that what is seen is the weights' and not the products' rounding.
        using var device = ModelLoading.Open(recipe.Training.Threads, "fp32");
        var task = recipe.Task.Create();
        var model = source.Build(task.Configure(source.Configure(data.Tokenizer), data), device, recipe.Training.Seed);
        task.Prepare(model, data);
        return InitializationCheck.Run(model, Batch(data.Sequences.Train, device));
    }

    /// <summary>The first sequences that fit, one at least.</summary>
    private static SequenceBatch Batch(ITrainingSequences sequences, Device device)
    {
        int rows = 1, width = sequences.WidthOf(0);
        for (int next = width; (rows + 1) * (next = Math.Max(next, sequences.WidthOf(rows))) <= Tokens; rows++) width = next;
        var batch = SequenceBatch.Empty(device, sequences, rows, width);
        for (int row = 0; row < rows; row++) batch.Fill(row, sequences, row);
        return batch;
    }

    private static void Show(InitializationReport report)
    {
        var output = StandardOutput.Open();
        SpreadTable.Write(output, report.Layers);
        output.WriteLine();
        output.WriteLine($"{Name(report.Verdict.State)}: loss {HumanFormat.Loss(report.Loss)}, {report.UniformName} {HumanFormat.Loss(report.UniformLoss)}");
        foreach (string reason in report.Verdict.Reasons) output.WriteLine($"  {reason}");
        if (report.Verdict.Advice is { } advice) output.WriteLine(advice);
    }

    private static void Write(InitializationReport report) => JsonOutput.Write(json =>
    {
        json.WriteString("verdict", Name(report.Verdict.State));
        json.WriteStartArray("reasons");
        foreach (string reason in report.Verdict.Reasons) json.WriteStringValue(reason);
        json.WriteEndArray();
        json.WriteString("advice", report.Verdict.Advice);
        json.WriteFinite("loss", report.Loss);
        json.WriteFinite("uniform_loss", report.UniformLoss);
        json.WriteFinite("added_by_blocks", report.AddedByBlocks);
        json.WriteFinite("gradient_growth", report.Verdict.GradientGrowth);
        json.WriteStartArray("layers");
        foreach (var (i, layer) in report.Layers.Index())
        {
            json.WriteStartObject();
            json.WriteString("name", layer.Name);
            json.WriteFinite("activation_std", layer.Activation.Std);
            json.WriteFinite("activation_rms", layer.Activation.Rms);
            json.WriteFinite("activation_ratio", i == 0 ? null : layer.Activation.Rms / report.Layers[i - 1].Activation.Rms);
            json.WriteFinite("share", layer.Share);
            json.WriteFinite("gradient_std", layer.Gradient.Std);
            json.WriteFinite("gradient_rms", layer.Gradient.Rms);
            json.WriteFinite("gradient_ratio", i == 0 ? null : layer.Gradient.Rms / report.Layers[i - 1].Gradient.Rms);
            json.WriteFinite("weight_gradient_rms", layer.WeightGradient);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    private static string Name(InitializationState state) => state switch
    {
        InitializationState.Vanishing => "vanishing",
        InitializationState.Exploding => "exploding",
        _ => "sound",
    };
}
