using System.Text.Json;
using Sinter.Recipes;

namespace Sinter.Cli.Tests;

public sealed class ListTests
{
    private static readonly string Folder = Path.GetTempPath();

    [Fact]
    public void Without_a_kind_the_names_of_all_are_shown()
    {
        string output = Cli.Run(Folder, "list").Expect(0).Output;
        foreach (var kind in StrategyCatalog.Kinds)
        {
            Assert.Contains(kind.Name, output);
            foreach (var strategy in kind.Registry.Describe()) Assert.Contains(strategy.Name, output);
        }
    }

    [Fact]
    public void Options_have_types_and_defaults_as_the_recipe_s_keys_have_them()
    {
        var json = JsonDocument.Parse(Cli.Run(Folder, "list", "optimizers", "--json").Expect(0).Output).RootElement.GetProperty("optimizers");
        var adamw = json.EnumerateArray().Single(s => s.GetProperty("name").GetString() == "adamw");
        var rate = adamw.GetProperty("options").EnumerateArray().First(o => o.GetProperty("name").GetString() == "learning_rate");
        var key = RecipeSchema.Describe().First(d => d.Path == "training.optimizer.learning_rate" && d.Description.StartsWith("(adamw)", StringComparison.Ordinal));
        Assert.Equal((key.Type, key.Range, key.Default), (Text(rate, "type"), Text(rate, "range"), Text(rate, "default")));
        Assert.Contains("learning_rate: " + key.Type, Cli.Run(Folder, "list", "optimizers", "adamw").Expect(0).Output);
    }

    [Fact]
    public void Every_strategy_says_what_it_is() =>
        Assert.Empty(StrategyCatalog.Kinds.SelectMany(k => k.Registry.Describe().Where(s => s.About.Length == 0).Select(s => $"{k.Name}: {s.Name}")));

    [Theory]
    [InlineData("did you mean optimizers?", "optimisers")]
    [InlineData("did you mean cosine?", "schedules", "cosin")]
    [InlineData("there are tasks, optimizers", "nonsense")]
    public void An_unknown_name_lists_the_nearest(string want, params string[] arguments) =>
        Assert.Contains(want, Cli.Run(Folder, ["list", .. arguments]).Expect(2).Error);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
