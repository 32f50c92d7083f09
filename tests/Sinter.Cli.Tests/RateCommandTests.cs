using System.Text.Json;
using System.Xml.Linq;

namespace Sinter.Cli.Tests;

/// <summary><c>sinter schedule</c> and <c>sinter find-lr</c>.</summary>
public sealed class RateCommandTests
{
    [Fact]
    public void A_schedule_is_drawn_as_text_and_as_a_file()
    {
        using var workspace = new Workspace();
        var result = workspace.Run("schedule", "recipe.yaml", "--set", "training.schedule={ name: one_cycle, warmup: 3 }", "--set", "training.max_steps=500", "--svg",
            "curve.svg").Expect(0);
        Assert.StartsWith("one_cycle: learning rate over 500 steps", result.Output);
        Assert.Contains('⠤', result.Output);
        Assert.Contains("highest  1e-3 at step 152", result.Output);
        Assert.DoesNotContain('\u001b', result.Output);
        var svg = XDocument.Load(workspace["curve.svg"]);
        Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "path" && e.Attribute("d")!.Value.Length > 2000);
        Assert.Contains("one_cycle", svg.Root!.Value);
        Assert.Empty(workspace.Runs());
    }

    [Fact]
    public void A_schedule_in_json_has_every_step()
    {
        using var workspace = new Workspace();
        var json = JsonDocument.Parse(workspace.Run("schedule", "recipe.yaml", "--set", "training.schedule={ name: linear, warmup_steps: 3 }", "--json").Expect(0).Output).RootElement;
        Assert.Equal("linear", json.GetProperty("schedule").GetString());
        double[] rates = [.. json.GetProperty("points").EnumerateArray().Select(p => p.GetProperty("learning_rate").GetDouble())];
        Assert.Equal(20, rates.Length);
        Assert.Equal(0.00025, rates[0], 1e-12);
        Assert.Equal(0.001, rates[3], 1e-12);
        Assert.Equal(0.001 / 17, rates[19], 1e-12);
    }

    [Fact]
    public void A_length_in_passes_over_the_text_is_known_from_the_text()
    {
        using var workspace = new Workspace();
        long trained = long.Parse(workspace.Run("train", "recipe.yaml", "--set", "training.epochs=0.1", "--json").Expect(0).Output.Split("\"step\":")[1].Split(',')[0], null);
        var json = JsonDocument.Parse(workspace.Run("schedule", "recipe.yaml", "--set", "training.epochs=0.1", "--json").Expect(0).Output).RootElement;
        Assert.Equal(trained, json.GetProperty("steps").GetInt64());
    }

    [Fact]
    public void A_plateau_says_that_a_run_decides()
    {
        using var workspace = new Workspace();
        Assert.Contains("only a run can show", workspace.Run("schedule", "recipe.yaml", "--set", "training.schedule=plateau").Expect(0).Output);
    }

    [Fact]
    public void A_learning_rate_is_found_and_drawn_and_nothing_is_left_behind()
    {
        using var workspace = new Workspace();
        var result = workspace.Run("find-lr", "recipe.yaml", "--steps", "80", "--to", "1", "--svg", "rates.svg").Expect(0);
        Assert.Contains("steepest fall", result.Output);
        Assert.Contains("--set training.optimizer.learning_rate=", result.Output);
        Assert.Contains("min / 10", XDocument.Load(workspace["rates.svg"]).Root!.Value);
        Assert.Empty(workspace.Runs());

        var json = JsonDocument.Parse(workspace.Run("find-lr", "recipe.yaml", "--steps", "80", "--to", "1", "--json").Expect(0).Output).RootElement;
        Assert.Equal(80, json.GetProperty("points").GetArrayLength());
        Assert.InRange(json.GetProperty("suggestion").GetDouble(), 1e-5, 0.3);
    }

    [Fact]
    public void A_signal_ends_the_test_and_shows_what_there_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals between processes.");
        using var workspace = new Workspace();
        using var process = Cli.Start(workspace.Folder, "find-lr", "recipe.yaml", "--steps", "1000000", "--set", "training.max_steps=10", "--to", "1e-2");
        Thread.Sleep(4000);
        Cli.Signal(process, "INT");
        var result = Cli.Wait(process).Expect(130);
        Assert.Contains("loss over the learning rate", result.Output);
    }

    [Theory]
    [InlineData("--from", "0"), InlineData("--from", "nan"), InlineData("--to", "1e-9"), InlineData("--steps", "3")]
    public void Impossible_ranges_are_refused(string option, string value)
    {
        using var workspace = new Workspace();
        Assert.Contains(option, workspace.Run("find-lr", "recipe.yaml", option, value).Expect(2).Error);
    }
}
