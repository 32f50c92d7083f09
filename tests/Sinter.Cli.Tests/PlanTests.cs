namespace Sinter.Cli.Tests;

public sealed class PlanTests
{
    private const double Tolerance = 0.1;   // the promise

    [Theory]
    [InlineData("training.precision=fp32"), InlineData("model.hidden_size=256", "training.precision=bf16", "training.batch_size=48"),
        InlineData("model.architecture=llama", "model.hidden_size=256", "training.activation_checkpointing=true", "training.gradient_accumulation=3")]
    public void The_peak_of_a_process_is_what_was_planned(params string[] sets)
    {
        string[] arguments = [.. sets.SelectMany(s => (string[])["--set", s])];
        var json = Cli.Run(Path.GetTempPath(), ["plan", "--measure", "--json", "--set", "model.context_length=128", .. arguments]).Expect(0).Json();
        double predicted = json.GetProperty("total_bytes").GetInt64(), measured = json.GetProperty("measured_bytes").GetInt64();
        Assert.InRange(predicted / measured, 1 - Tolerance, 1 + Tolerance);
        Assert.Equal(predicted, json.GetProperty("parts").EnumerateObject().Sum(p => p.Value.GetInt64()), 0.0);
    }

    [Fact]
    public void The_table_ends_with_the_sum_and_the_largest_micro_batch()
    {
        string output = Cli.Run(Path.GetTempPath(), "plan", "--memory-limit", "600MiB").Expect(0).Output;
        foreach (string part in (string[])["weights", "gradients", "activations", "at most", "100.0 %"]) Assert.Contains(part, output);
        Assert.Matches(@"Under 600MiB: micro-batches of up to \d+ sequences \(5\d\d MiB\)\.", output);
        Assert.DoesNotContain("measured", output);
    }

    [Fact]
    public void A_limit_that_nothing_fits_under()
    {
        var result = Cli.Run(Path.GetTempPath(), "plan", "--memory-limit", "8MiB").Expect(0);
        Assert.Contains("not even a micro-batch of one sequence", result.Output);
        Assert.Contains("--memory-limit: 'much'", Cli.Run(Path.GetTempPath(), "plan", "--memory-limit", "much").Expect(2).Error);
    }
}
