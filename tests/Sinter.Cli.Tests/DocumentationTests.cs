using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Sinter.Cli.Commands;
using Sinter.Recipes;

namespace Sinter.Cli.Tests;

/// <summary>What the documentation tells people to type is what the program takes.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    /// <summary>What users read.</summary>
    public static TheoryData<string> Pages() => ["README.md", "CONTRIBUTING.md", "bench/README.md",
        .. Directory.GetFiles(Path.Combine(s_root, "docs"), "*.md").Select(f => Path.GetRelativePath(s_root, f)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Commands()
    {
        string[] files = [.. Pages().Select(p => p.Data), .. Directory.GetFiles(Path.Combine(s_root, "recipes"), "*.yaml")];
        var lines = files.SelectMany(f => File.ReadAllLines(Path.Combine(s_root, f))).Select(l => Command().Match(l)).Where(m => m.Success);
        return [.. lines.Select(m => m.Groups[1].Value.Trim()).Distinct()];
    }

    [Theory, MemberData(nameof(Commands))]
    public void A_command_is_understood(string arguments)
    {
        var parsed = RootCommand.Create().Parse(CommandLineParser.SplitCommandLine(arguments).ToArray());
        Assert.Empty(parsed.Errors);
    }

    [Fact]
    public void The_readme_has_commands() => Assert.True(Commands().Count > 8);

    [Fact]
    public void The_readme_s_recipe_is_a_recipe()
    {
        string text = Recipe().Match(File.ReadAllText(Path.Combine(s_root, "README.md"))).Groups[1].Value;
        var recipe = RecipeReader.Parse(text, "readme.yaml");
        Assert.Equal(("llama", 3), (recipe.Model.Architecture, recipe.Data.Text.Count));
    }

    [Theory, MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string file)
    {
        string folder = Path.GetDirectoryName(Path.Combine(s_root, file))!;
        foreach (Match link in Link().Matches(File.ReadAllText(Path.Combine(s_root, file))))
            Assert.True(Path.Exists(Path.Combine(folder, link.Groups[1].Value)), $"{file} links to {link.Groups[1].Value}, which is not there");
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex(@"^[#\s]*(?:sinter|dotnet run -c Release --project src/Sinter\.Cli --) "
        + @"((?:train|generate|chat|predict|evaluate|logits|export|inspect|data|recipe|list|suggest|schedule|find-lr|check-init|compare|plan|bench)\b[^(`#]*)")]
    private static partial Regex Command();

    [GeneratedRegex("```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Recipe();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Link();
}
