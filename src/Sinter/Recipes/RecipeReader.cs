using System.Text;
using Sinter.Options;
using Sinter.Training;

namespace Sinter.Recipes;

/// <summary>
/// Reads recipes: defaults, then the file, then <c>--set</c>. Paths in a file are relative to its folder, in a <c>--set</c> to the current one. Every
/// error is found before anything else is done.
/// </summary>
public static class RecipeReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sets">Overrides, each <c>a.b=c</c> with c as YAML.</param>
    /// <exception cref="RecipeException">The file can't be read, or something in it or in <paramref name="sets"/> is wrong; the message
    /// lists all of it.</exception>
    public static Recipe Read(string path, IEnumerable<string>? sets = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Parse(Text(path), path, sets);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="yamlText">The text.</param>
    /// <param name="fileName">Its file's name for messages, for relative paths in it and for the run's name.</param>
    /// <param name="sets">Overrides, each <c>a.b=c</c> with c as YAML.</param>
    /// <exception cref="RecipeException">Something in it or in <paramref name="sets"/> is wrong; the message lists all of it.</exception>
    public static Recipe Parse(string yamlText, string fileName, IEnumerable<string>? sets = null)
    {
        ArgumentNullException.ThrowIfNull(yamlText);
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        var errors = new List<string>();
        var overrides = (sets ?? []).Select(s => RecipeOverride.Parse(s, Environment.CurrentDirectory, errors)).OfType<RecipeOverride>().ToList();
        var recipe = new Recipe { Name = RecipeSchema.NameOf(fileName) };
        try
        {
            var file = RecipeYaml.Parse(yamlText, fileName, Path.GetDirectoryName(Path.GetFullPath(fileName)) ?? Environment.CurrentDirectory);
            var root = overrides.Aggregate(KeepOneLength(file, overrides), (node, o) => o.Apply(node));
            errors.InsertRange(0, Bind(root, recipe));
        }
        catch (RecipeException e)
        {
            errors.InsertRange(0, e.Errors);
        }
        return errors.Count == 0 ? recipe : throw new RecipeException(errors);
    }

    private static IReadOnlyList<string> Bind(OptionNode root, Recipe recipe)
    {
        var report = new OptionReport(root.Mark) { KnownPaths = () => [.. RecipeSchema.Describe().Select(d => d.Path)] };
        RecipeSchema.Keys.Bind(recipe, root, "", report);
        RecipeSchema.Keys.Check(recipe, "", report);
        return report.Lines();
    }

    // max_steps, max_tokens and epochs exclude each other: one on the command line replaces whichever the file has.
    private static OptionNode KeepOneLength(OptionNode root, List<RecipeOverride> overrides)
    {
        var keys = TrainingOptions.LengthKeys;
        if (!keys.Any(k => overrides.Any(o => o.Sets("training", k)))) return root;
        return OptionNode.Map([.. root.Entries.Select(e => e.Key != "training" || e.Value.Kind != OptionNodeKind.Map ? e
            : e with { Value = OptionNode.Map([.. e.Value.Entries.Where(t => !keys.Contains(t.Key))], e.Value.Mark) })], root.Mark);
    }

    private static string Text(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (Directory.Exists(path)) throw new RecipeException($"{path}: is a folder; name a recipe in it");
            if (!file.Exists) throw new RecipeException($"{path}: there is no such file{Near(file)}");
            // A character has at most four bytes; what passes here and is still too long is refused by its characters.
            if (file.Length > 4L * RecipeYaml.MostCharacters) throw new RecipeException($"{path}: {file.Length} bytes are too many for a recipe");
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException e)
        {
            throw new RecipeException($"{path}: not UTF-8 at byte {e.Index}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RecipeException($"{path}: {e.Message}");
        }
    }

    private static string Near(FileInfo file)
    {
        if (file.Directory is not { Exists: true } folder) return "";
        var names = folder.EnumerateFiles("*.yaml").Concat(folder.EnumerateFiles("*.yml"))
            .Select(f => f.Name).Order(StringComparer.Ordinal).Take(100).ToList();
        return Suggestion.Nearest(file.Name, names) is { } near ? $"; did you mean {near}?"
            : names.Count is > 0 and < 20 ? $"; there are {string.Join(", ", names)}" : "";
    }
}
