using System.CommandLine;
using System.Text.Json;
using Sinter.Cli.Shell;
using Sinter.Options;
using Sinter.Recipes;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter list</c>: the strategies of a kind with their options.</summary>
internal static class ListCommand
{
    private static readonly Argument<string> KindArgument = new("KIND")
    {
        Description = $"One of {string.Join(", ", StrategyCatalog.Kinds.Select(k => k.Name))}; none shows the names of all.",
        DefaultValueFactory = _ => "",
    };
    private static readonly Argument<string> NameArgument = new("NAME") { Description = "Show this one only.", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object.");

    public static Command Create()
    {
        var command = new ExampleCommand("list", "Show the strategies that a recipe can name, with their options, types and defaults.",
            "sinter list optimizers", "sinter list schedules cosine", "sinter list batch_policies --json") { KindArgument, NameArgument, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        string kind = parsed.GetValue(KindArgument)!, name = parsed.GetValue(NameArgument)!;
        var kinds = kind.Length == 0 ? StrategyCatalog.Kinds : [Find(kind, "kinds of strategy", StrategyCatalog.Kinds, k => k.Name)];
        if (parsed.GetValue(Json)) JsonOutput.Write(json => Write(json, kinds, name));
        else if (kind.Length == 0) WriteNames(StandardOutput.Open(), kinds);
        else Write(StandardOutput.Open(), kinds[0], name);
        return ExitCode.Success;
    }

    private static void WriteNames(TextWriter output, IReadOnlyList<StrategyCatalog.Kind> kinds)
    {
        var fields = new Fields();
        foreach (var kind in kinds) fields.Add(kind.Name, string.Join(", ", kind.Registry.Describe().Select(s => s.Name)));
        fields.Write(output);
        output.WriteLine();
        output.WriteLine($"`{Invocation.Command} list KIND` shows their options.");
    }

    private static void Write(TextWriter output, StrategyCatalog.Kind kind, string name)
    {
        foreach (var strategy in Chosen(kind, name))
        {
            output.WriteLine($"{kind.Key}: {strategy.Name}");
            if (strategy.About.Length > 0) output.WriteLine($"    {strategy.About}");
            foreach (var option in strategy.Options)
            {
                string range = option.Range.Length > 0 ? $", {option.Range}" : "";
                output.WriteLine($"    {option.Path}: {option.Type}{range}; {(option.Default.Length > 0 ? $"default {option.Default}" : "required")}");
                output.WriteLine($"        {option.Description}");
            }
            output.WriteLine();
        }
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<StrategyCatalog.Kind> kinds, string name)
    {
        foreach (var kind in kinds)
        {
            json.WriteStartArray(kind.Name);
            foreach (var strategy in Chosen(kind, name)) Write(json, kind, strategy);
            json.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter json, StrategyCatalog.Kind kind, StrategyDescription strategy)
    {
        json.WriteStartObject();
        json.WriteString("name", strategy.Name);
        json.WriteString("key", kind.Key);
        json.WriteString("about", strategy.About);
        json.WriteStartArray("options");
        foreach (var option in strategy.Options)
        {
            json.WriteStartObject();
            json.WriteString("name", option.Path);
            json.WriteString("type", option.Type);
            json.WriteString("range", option.Range);
            json.WriteString("default", option.Default);
            json.WriteString("description", option.Description);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IReadOnlyList<StrategyDescription> Chosen(StrategyCatalog.Kind kind, string name) =>
        name.Length == 0 ? kind.Registry.Describe() : [Find(name, kind.Name, kind.Registry.Describe(), s => s.Name)];

    private static T Find<T>(string name, string what, IReadOnlyList<T> all, Func<T, string> nameOf) where T : class
    {
        if (all.FirstOrDefault(x => nameOf(x) == name.Replace('-', '_')) is { } found) return found;
        string near = Suggestion.Nearest(name, all.Select(nameOf)) is { } n ? $"did you mean {n}?" : $"there are {string.Join(", ", all.Select(nameOf))}.";
        throw new UsageException($"'{name}' is not among the {what}; {near}");
    }
}
