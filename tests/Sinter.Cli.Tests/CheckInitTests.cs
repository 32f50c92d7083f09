using System.Text.Json;

namespace Sinter.Cli.Tests;

/// <summary>check-init: figures, picture and verdict.</summary>
public sealed class CheckInitTests
{
    [Theory]
    [InlineData("gpt2", "sound"), InlineData("{name: normal, std: 1}", "exploding"), InlineData("{name: normal, std: 0.001}", "vanishing")]
    public void The_verdict_goes_by_the_initializer(string initializer, string verdict)
    {
        using var workspace = new Workspace();
        var json = workspace.Run("check-init", "recipe.yaml", "--set", $"model.initializer={initializer}", "--set", "model.num_layers=12", "--json").Expect(0).Json();
        Assert.Equal(verdict, json.GetProperty("verdict").GetString());
        Assert.NotEmpty(json.GetProperty("reasons").EnumerateArray());
        Assert.Equal(verdict == "sound" ? JsonValueKind.Null : JsonValueKind.String, json.GetProperty("advice").ValueKind);
        var layers = json.GetProperty("layers").EnumerateArray().ToList();
        Assert.Equal(25, layers.Count);
        Assert.All(layers, l => Assert.True(l.GetProperty("activation_std").GetDouble() > 0 && l.GetProperty("gradient_rms").GetDouble() > 0));
        double product = layers.Skip(1).Aggregate(1.0, (p, l) => p * l.GetProperty("gradient_ratio").GetDouble());
        Assert.Equal(1, product * json.GetProperty("gradient_growth").GetDouble(), 1e-6);
        Assert.False(Directory.Exists(workspace["runs"]));
    }

    [Fact]
    public void A_line_for_each_layer_with_bars()
    {
        using var workspace = new Workspace();
        string[] lines = workspace.Run("check-init", "recipe.yaml").Expect(0).Output.Split('\n');
        foreach (string layer in (string[])["embedding", "block 0 attention", "block 0 feed-forward", "block 1 attention", "block 1 feed-forward"])
            Assert.Contains(lines, l => l.StartsWith(layer + " ", StringComparison.Ordinal) && l.Contains('█', StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("sound: loss ", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_wrong_with_an_initializer_is_said()
    {
        using var workspace = new Workspace();
        string unknown = workspace.Run("check-init", "recipe.yaml", "--set", "model.initializer=xavier_norml").Expect(2).Error;
        Assert.Contains("did you mean xavier_normal", unknown, StringComparison.Ordinal);
        string idle = workspace.Run("check-init", "recipe.yaml", "--set", "model.initializers=[{match: \"*.c_atn.weight\", initializer: zeros}]").Expect(1).Error;
        Assert.Contains("nearest is transformer.h.0.attn.c_attn.weight", idle, StringComparison.Ordinal);
        string vector = workspace.Run("check-init", "recipe.yaml", "--set", "model.initializers=[{match: \"*.bias\", initializer: orthogonal}]").Expect(1).Error;
        Assert.Contains("orthogonal is for matrices", vector, StringComparison.Ordinal);
    }
}
