namespace Sinter.Cli.Tests;

public sealed class HelpTests
{
    private static readonly string Folder = Path.GetTempPath();

    [Theory]
    [InlineData("train"), InlineData("generate"), InlineData("predict"), InlineData("evaluate"), InlineData("logits"), InlineData("inspect"), InlineData("recipe"),
     InlineData("list"), InlineData("suggest"), InlineData("schedule"), InlineData("find-lr"),
     InlineData("check-init"), InlineData("compare"), InlineData("data show"), InlineData("chat"),
     InlineData("bench"), InlineData("bench step"), InlineData("bench matmul"), InlineData("bench generate")]
    public void Every_command_describes_itself_with_an_example(string command)
    {
        var result = Cli.Run(Folder, [.. command.Split(' '), "--help"]).Expect(0);
        Assert.StartsWith("Description:", result.Output);
        Assert.Contains("Example", result.Output);
        Assert.Contains($" {command} ", result.Output[result.Output.IndexOf("Example", StringComparison.Ordinal)..]);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void No_arguments_show_the_commands()
    {
        var result = Cli.Run(Folder).Expect(0);
        foreach (string command in (string[])["train", "generate", "predict", "evaluate", "logits", "inspect", "bench"]) Assert.Contains($"  {command} ", result.Output);
    }

    [Fact]
    public void Version_is_that_of_the_library() =>
        Assert.Equal(typeof(Trainer).Assembly.GetName().Version!.ToString(3), Cli.Run(Folder, "--version").Expect(0).Output.Trim());

    [Fact]
    public void Recipe_keys_are_explained()
    {
        var result = Cli.Run(Folder, "recipe", "warmup").Expect(0);
        Assert.Contains("training.schedule.warmup_steps", result.Output);
        Assert.DoesNotContain("data.text", result.Output);
        Assert.Contains("sdk-docs", Cli.Run(Folder, "recipe", "--default").Expect(0).Output);
    }

    [Theory]
    [InlineData("train", "tran")]
    [InlineData("b.yaml", "train", "a.yaml", "b.yaml")]
    [InlineData("--run", "train", "--resume")]
    [InlineData("DIR", "generate")]
    [InlineData("either --prompt", "generate", "folder")]
    [InlineData("either --prompt", "generate", "folder", "--prompt", "x", "--tokens", "1")]
    [InlineData("'x' is no token id", "generate", "folder", "--tokens", "1,x")]
    [InlineData("'warm' is no number", "generate", "folder", "--tokens", "1", "--temperature", "warm")]
    [InlineData("temperature is -1", "generate", "folder", "--tokens", "1", "--temperature", "-1")]
    [InlineData("--threads: -1", "generate", "folder", "--tokens", "1", "--threads", "-1")]
    [InlineData("--precision", "generate", "folder", "--tokens", "1", "--precision", "int3")]
    [InlineData("--out", "logits", "folder", "--tokens", "1")]
    [InlineData("No key", "recipe", "nonsense")]
    [InlineData("'large' is none of char, baby, gpt2-short, gpt2-long, qwen2", "bench", "step", "--shape", "large")]
    [InlineData("bench step --help", "bench", "step")]
    [InlineData("--steps: 0", "bench", "step", "--shape", "char", "--steps", "0")]
    [InlineData("--new-tokens: 1", "bench", "generate", "--new-tokens", "1")]
    [InlineData("1024 at most", "bench", "generate", "--prompt-tokens", "1000", "--new-tokens", "25")]
    [InlineData("--runs: 0", "bench", "generate", "--runs", "0")]
    [InlineData("--k: 0", "bench", "matmul", "--k", "0")]
    [InlineData("give smaller ones", "bench", "matmul", "--m", "100000", "--n", "100000")]
    [InlineData("'both ways' is none of forward", "bench", "matmul", "--form", "both ways")]
    public void Wrong_usage_ends_with_2(string expected, params string[] arguments)
    {
        var result = Cli.Run(Folder, arguments).Expect(2);
        Assert.Empty(result.Output);
        Assert.Contains(expected, result.Error);
    }
}
