using System.Buffers;
using System.Text;
using System.Text.Json;
using Sinter.Options;
using Sinter.Recipes;
using Sinter.Tests.Recipes;

namespace Sinter.Tests.Options;

/// <summary>Lists of strategies and of sections: every form they are written in, and every way to write them wrongly.</summary>
public sealed class ListKeyTests
{
    private abstract class Rule : INamedOptions
    {
        public static Registry<Rule> All { get; } = new Registry<Rule>("rule").Add(Wait.Schema).Add(Goal.Schema).Add(Both.Schema).Shorten("wait", "steps");

        public abstract string Name { get; }
    }

    private sealed class Wait : Rule
    {
        public static OptionsSchema<Wait> Schema { get; } = OptionsSchema.Create<Wait>(b =>
            b.Integer("steps", "How long to wait.", o => o.Steps, (o, v) => o.Steps = v, 1));

        public override string Name => "wait";
        public int Steps { get; set; } = 3;
    }

    private sealed class Goal : Rule
    {
        public static OptionsSchema<Goal> Schema { get; } = OptionsSchema.Create<Goal>(b =>
        {
            b.Text("metric", "What is looked at.", o => o.Metric, (o, v) => o.Metric = v);
            b.Number("low", "The lower end.", o => o.Low, (o, v) => o.Low = v, NumberRange.Any);
            b.Number("high", "The upper end.", o => o.High, (o, v) => o.High = v, NumberRange.Any);
            b.Rule(["low", "high"], o => o.Low > o.High ? "is more than high" : null);
        });

        public override string Name => "goal";
        public string Metric { get; set; } = "loss";
        public double Low { get; set; }
        public double High { get; set; } = 1;
    }

    private sealed class Both : Rule
    {
        public static OptionsSchema<Both> Schema { get; } = OptionsSchema.Create<Both>(b =>
            b.Strategies("rules", "What must hold together.", o => o.Rules, (o, v) => o.Rules = v, () => All.Without("both"), least: 2));

        public override string Name => "both";
        public IReadOnlyList<Rule> Rules { get; set; } = [new Wait(), new Goal()];
    }

    private sealed class Group
    {
        public static OptionsSchema<Group> Schema { get; } = OptionsSchema.Create<Group>(b =>
        {
            b.Text("pattern", "Which names.", o => o.Pattern, (o, v) => o.Pattern = v);
            b.Number("factor", "How much.", o => o.Factor, (o, v) => o.Factor = v, NumberRange.Positive);
        });

        public string Pattern { get; set; } = "*";
        public double Factor { get; set; } = 1;
    }

    private sealed class Settings
    {
        public static OptionsSchema<Settings> Schema { get; } = OptionsSchema.Create<Settings>(b =>
        {
            b.Strategies("stop", "When to stop.", o => o.Stop, (o, v) => o.Stop = v, () => Rule.All);
            b.Sections("groups", "Groups of weights.", o => o.Groups, (o, v) => o.Groups = v, () => Group.Schema);
            b.Rule(["stop"], o => o.Stop.Count > 3 ? "holds more than three rules" : null);
        });

        public IReadOnlyList<Rule> Stop { get; set; } = [new Goal()];
        public IReadOnlyList<Group> Groups { get; set; } = [];
    }

    private static (Settings Options, IReadOnlyList<string> Errors) Read(string yaml, params string[] sets)
    {
        var errors = new List<string>();
        var root = sets.Select(s => RecipeOverride.Parse(s, "/", errors)!).Aggregate(RecipeYaml.Parse(yaml, "a", "/"), (node, o) => o.Apply(node));
        var report = new OptionReport(root.Mark) { KnownPaths = () => [.. Settings.Schema.Describe().Select(d => d.Path)] };
        var options = new Settings();
        Settings.Schema.Bind(options, root, "", report);
        Settings.Schema.Check(options, "", report);
        return (options, [.. errors, .. report.Lines()]);
    }

    private static string Show(string yaml, params string[] sets)
    {
        var (options, errors) = Read(yaml, sets);
        Assert.Empty(errors);
        return OptionYaml.Inline(Settings.Schema.ToNode(options));
    }

    [Theory]
    [InlineData("groups: []", "[{ name: goal, metric: loss, low: 0.0, high: 1.0 }]")]
    [InlineData("stop: []", "[]")]
    [InlineData("stop: null", "[]")]
    [InlineData("stop: wait", "[3]")]
    [InlineData("stop: 5", "[5]")]
    [InlineData("stop: { name: wait, steps: 5 }", "[5]")]
    [InlineData("stop: [wait, 5, { name: goal, high: 2 }]", "[3, 5, { name: goal, metric: loss, low: 0.0, high: 2.0 }]")]
    [InlineData("stop: { name: both }", "[{ name: both, rules: [3, { name: goal, metric: loss, low: 0.0, high: 1.0 }] }]")]
    [InlineData("stop: { name: both, rules: [1, 2, wait] }", "[{ name: both, rules: [1, 2, 3] }]")]
    public void Strategies_stand_in_a_list_or_alone(string yaml, string want) => Assert.Equal($"{{ stop: {want}, groups: [] }}", Show(yaml));

    [Theory]
    [InlineData("groups: { factor: 2 }", "[{ pattern: \"*\", factor: 2.0 }]")]
    [InlineData("groups:\n  - pattern: a\n  - { pattern: b, factor: 3 }", "[{ pattern: a, factor: 1.0 }, { pattern: b, factor: 3.0 }]")]
    [InlineData("groups: [{}]", "[{ pattern: \"*\", factor: 1.0 }]")]
    public void Sections_stand_in_a_list_or_alone(string yaml, string want) => Assert.Equal($"{{ stop: [], groups: {want} }}", Show("stop: []\n" + yaml));

    [Theory]
    [InlineData("stop=[wait, goal]", "[3, { name: goal, metric: loss, low: 0.0, high: 1.0 }]")]
    [InlineData("stop=wait", "[3]")]
    [InlineData("stop=null", "[]")]
    [InlineData("stop={ name: wait, steps: 9 }", "[9]")]
    [InlineData("stop.0.steps=8", "[8, { name: goal, metric: loss, low: 0.0, high: 1.0 }]")]
    [InlineData("stop.1.high=8", "[4, { name: goal, metric: loss, low: 0.0, high: 8.0 }]")]
    [InlineData("stop.1=6", "[4, 6]")]
    public void An_override_replaces_the_list_or_reaches_into_an_item(string set, string want) =>
        Assert.Equal($"{{ stop: {want}, groups: [] }}", Show("stop: [{ name: wait, steps: 4 }, goal]", set));

    [Fact]
    public void An_override_reaches_into_one_that_stands_alone()
    {
        Assert.Equal("{ stop: [8], groups: [] }", Show("stop: wait", "stop.steps=8"));
        Assert.Equal("{ stop: [8], groups: [] }", Show("stop: { name: wait, steps: 4 }", "stop.steps=8"));
    }

    [Theory]
    [InlineData("stop: [wait, goat]", "a:1:14: stop.1: expected a number, a rule (wait, goal or both) or a mapping with its name and keys, not 'goat'; did you mean goal?")]
    [InlineData("stop: [wait, { name: weit }]", "a:1:22: stop.1: name: expected wait, goal or both, not 'weit'; did you mean wait?")]
    [InlineData("stop: [{ steps: 2 }]", "a:1:8: stop.0: has no name; expected name: wait, goal or both")]
    [InlineData("stop: [wait, null]", "a:1:14: stop.1: expected a number, a rule (wait, goal or both) or a mapping with its name and keys, not null")]
    [InlineData("stop: [wait, [goal]]", "a:1:14: stop.1: expected a number, a rule (wait, goal or both) or a mapping with its name and keys, not a list")]
    [InlineData("stop: [wait, { name: wait, steps: 0 }]", "a:1:35: stop.1.steps: must be at least 1, not 0")]
    [InlineData("stop: [wait, 0]", "a:1:14: stop.1: must be at least 1, not 0")]
    [InlineData("stop: [{ name: wait, stops: 1 }]", "a:1:22: stop.0.stops: unknown key of wait; did you mean steps?")]
    [InlineData("stop: [{ name: wait, metric: x }]", "a:1:22: stop.0.metric: unknown key of wait; expected name or steps")]
    [InlineData("stop: [wait, { name: goal, low: 2 }]", "a:1:33: stop.1.low: is more than high")]
    [InlineData("stop: [wait, wait, wait, wait]", "a:1:7: stop: holds more than three rules")]
    [InlineData("stop: { name: both, rules: wait }", "a:1:28: stop.0.rules: expected a list of 2 or more of: a number, a rule (wait or goal) or a mapping with its name and keys, not 'wait'")]
    [InlineData("stop: { name: both, rules: [wait] }", "a:1:28: stop.0.rules: expected 2 or more, not 1")]
    [InlineData("stop: { name: both, rules: [wait, both] }", "a:1:35: stop.0.rules.1: expected a number, a rule (wait or goal) or a mapping with its name and keys, not 'both'")]
    [InlineData("groups: [{ factor: 1 }, { factor: 0 }]", "a:1:35: groups.1.factor: must be greater than 0, not 0.0")]
    [InlineData("groups: [{ patern: b }]", "a:1:12: groups.0.patern: unknown key; did you mean pattern?")]
    [InlineData("groups: all", "a:1:9: groups.0: expected a mapping with the keys pattern or factor, not 'all'")]
    public void What_is_wrong_says_where_and_what(string yaml, string want) => Assert.Equal([want], Read(yaml).Errors);

    [Theory]
    [InlineData("stop.steps=3", "--set stop.steps=3: stop: is a list; set all of it or name an item, stop.0 to stop.1")]
    [InlineData("stop.2.steps=3", "--set stop.2.steps=3: stop: is a list; set all of it or name an item, stop.0 to stop.1")]
    [InlineData("stop.0.steps=0", "--set stop.0.steps=0: stop.0.steps: must be at least 1, not 0")]
    [InlineData("stop=[wait, goat]", "--set stop=[wait, goat]: stop.1: expected a number, a rule (wait, goal or both) or a mapping with its name and keys, not 'goat'; did you mean goal?")]
    public void What_is_wrong_on_the_command_line_says_so(string set, string want) => Assert.Equal([want], Read("stop: [wait, goal]", set).Errors);

    [Fact]
    public void What_is_written_reads_back()
    {
        const string yaml = "stop: [wait, { name: both, rules: [goal, 4] }]\ngroups: [{ pattern: '*: #' }, { factor: 0.5 }]";
        string text = OptionYaml.Block(Settings.Schema.ToNode(Read(yaml).Options));
        Assert.Contains("stop:\n  - 3\n  - { name: both, rules: [{ name: goal, metric: loss, low: 0.0, high: 1.0 }, 4] }\n", text, StringComparison.Ordinal);
        Assert.Equal(Show(yaml), Show(text));
    }

    [Theory]
    [InlineData("stop: wait", true)]
    [InlineData("stop: [wait, 3, { name: goal, low: 1 }]", true)]
    [InlineData("stop: [{ low: 1 }]", false)]
    [InlineData("stop: [wait, goat]", false)]
    [InlineData("stop: null", true)]
    [InlineData("stop: { name: both, rules: [wait, goal] }", true)]
    [InlineData("stop: { name: both, rules: [wait] }", false)]
    [InlineData("stop: { name: both, rules: wait }", false)]
    [InlineData("groups: { factor: 0 }", false)]
    [InlineData("groups: [{ factor: 2 }, {}]", true)]
    public void The_json_schema_agrees_with_the_reader(string yaml, bool good)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Settings.Schema.WriteJson(json);
            json.WriteEndObject();
        }
        var schema = JsonDocument.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan)).RootElement;
        Assert.Equal(good, Read(yaml).Errors.Count == 0);
        Assert.Equal(good, JsonSchemaCheck.Errors(schema, YamlAsJson.Convert(yaml)).Count == 0);
    }

    [Fact]
    public void Help_describes_the_list_and_the_keys_of_its_items()
    {
        var rows = Settings.Schema.Describe();
        Assert.Contains(rows, r => r is { Path: "groups", Default: "[]", Type: "a mapping with the keys pattern or factor, or a list of these" });
        Assert.Contains(rows, r => r is { Path: "groups.factor", Range: "greater than 0" });
        Assert.Contains(rows, r => r is { Path: "stop.steps", Description: "(wait) How long to wait." });
    }
}
