namespace Sinter.Cli.Tests;

/// <summary>The programs in examples/, run as they are.</summary>
public sealed class ExampleTests
{
    [Theory]
    [InlineData("TrainFromCode", "validation loss", "checkpoint", "The ")]
    [InlineData("WatchMetrics", "sinter.training.steps", "sinter.validation.loss", "run in")]
    public void Examples_run(string name, params string[] expected)
    {
        using var workspace = new Workspace();
        using var process = Cli.Start(Path.Combine(AppContext.BaseDirectory, name + ".dll"), workspace.Folder, ["text.txt", "3"]);
        var result = Cli.Wait(process).Expect(0);
        foreach (string part in expected) Assert.Contains(part, result.Output);
        Assert.True(File.Exists(Path.Combine(Assert.Single(workspace.Runs()), "model", "config.json")));
    }
}
