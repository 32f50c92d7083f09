using Sinter.Text.Templates;

namespace Sinter.Tests.Text.Templates;

/// <summary>A template from elsewhere must not hang, fill the memory, end the process or reach anything.</summary>
public sealed class TemplateLimitTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{% set ns = namespace(a='x') %}{% for i in range(99) %}{% set ns.a = ns.a + ns.a %}{% endfor %}", "characters")]
    [InlineData("{% set ns = namespace(a='x') %}{% for i in range(99) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}", "characters")]
    [InlineData("{% set ns = namespace(a=[1]) %}{% for i in range(99) %}{% set ns.a = ns.a + ns.a %}{% endfor %}", "characters")]
    [InlineData("{{ 'a' * 10 ** 12 }}", "characters")]
    [InlineData("{{ [1] * 10 ** 18 }}", "characters")]
    [InlineData("{{ ('a' * 10000).replace('a', 'b' * 10000) }}", "characters")]
    [InlineData("{{ 'a'.center(10 ** 15) }}", "characters")]
    [InlineData("{{ 'a'.ljust(10 ** 15) }}", "characters")]
    [InlineData("{{ 'a\nb' | indent(10 ** 15) }}", "characters")]
    [InlineData("{{ range(10 ** 9) | list }}", "numbers")]
    [InlineData("{{ 10 ** 10 ** 10 }}", "64 bits")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "macros")]
    [InlineData("{% macro f() %}{% call f() %}{% endcall %}{% endmacro %}{{ f() }}", "macros")]
    [InlineData("{% set ns = namespace(a=[]) %}{% for j in range(3) %}{% for i in range(90000) %}{% set ns.a = [ns.a] %}{% endfor %}{% endfor %}{{ ns.a }}", "deep")]
    [InlineData("{% set ns = namespace(a=[]) %}{% for j in range(3) %}{% for i in range(90000) %}{% set ns.a = [ns.a] %}{% endfor %}{% endfor %}{{ ns.a | tojson }}", "deep")]
    [InlineData("{{ [1] * 3000000 | sort }}", "")]
    [InlineData("{{ (1,) * 200000 == (1,) * 200000 }}{% for i in range(99999) %}{{ 'x' in 'y' * 99999 }}{% endfor %}", "characters")]
    [InlineData("{{ ''.__class__.__mro__ }}", "Python")]
    [InlineData("{{ ''['format'] }}", "format")]
    public void What_takes_too_much_is_refused(string template, string what)
    {
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        var error = Assert.Throws<TemplateException>(() => Template.Parse(template).Render([new("messages", new List<object?>())]));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < s_long);
    }

    [Fact]
    public void What_belongs_to_Python_is_not_there() =>
        Assert.Equal("|", Template.Parse("{{ ''.__class__ }}|{{ messages['__class__'] }}").Render([new("messages", new List<object?>())]).Text);

    [Theory]
    [InlineData('(', ')')]
    [InlineData('[', ']')]
    [InlineData('-', ' ')]
    public void What_lies_too_deep_is_refused(char open, char close)
    {
        string template = $"{{{{ {new string(open, 900)}1{new string(close, 900)} }}}}";
        Assert.Contains("within each other", Assert.Throws<TemplateException>(() => Template.Parse(template)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1", "+1"), InlineData("a", ".a"), InlineData("a", "|f"), InlineData("a", " or a"), InlineData("a", "(1)"), InlineData("a", " if a"), InlineData("", "not ")]
    public void Chains_that_are_too_long_for_the_stack_are_refused(string first, string link)
    {
        string template = "{{ " + first + string.Concat(Enumerable.Repeat(link, 200_000)) + " }}";
        Assert.Throws<TemplateException>(() => Template.Parse(template));
    }

    [Fact]
    public void Statements_that_lie_too_deep_are_refused()
    {
        string template = string.Concat(Enumerable.Repeat("{% if 1 %}", 50_000));
        Assert.Throws<TemplateException>(() => Template.Parse(template));
    }

    [Theory]
    [InlineData("a\nb {{ 1 / 0 }}", 2, 8)]
    [InlineData("{{ 1 +\n   missing.x }}", 2, 11)]
    [InlineData("\n\n{% nonsense %}", 3, 4)]
    [InlineData("{% if x %}\n{{ y", 2, 1)]
    [InlineData("{% for a in b %}", 1, 4)]
    [InlineData("x{{ 'a' | nofilter }}", 1, 11)]
    [InlineData("{{ raise_exception('stop') }}", 1, 19)]
    public void Errors_say_where(string template, int line, int column)
    {
        var error = Assert.Throws<TemplateException>(() => Template.Parse(template, "my.jinja").Render([]));
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.StartsWith($"my.jinja, line {line}, column {column}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_templates_are_refused_or_rendered_and_nothing_else()
    {
        string[] sources = [.. Sinter.Text.Chat.ChatTemplates.Names.Select(n => Sinter.Text.Chat.ChatTemplates.Get(n).Text)];
        Random random = new(7);
        for (int i = 0; i < 3000; i++)
        {
            char[] text = sources[i % sources.Length].ToCharArray();
            for (int change = random.Next(1, 6); change > 0; change--)
                text[random.Next(text.Length)] = "{}%#-+()[]'\"|.,:=ax 1\n\\\0"[random.Next(24)];
            try
            {
                Template.Parse(new string(text)).Render([new("messages", new List<object?>())], new TemplateLimits { Steps = 20_000, Size = 1 << 16 });
            }
            catch (TemplateException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }
}
