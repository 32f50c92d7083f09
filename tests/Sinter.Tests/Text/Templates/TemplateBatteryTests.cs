using System.Text.Json;
using Sinter.Text.Templates;

namespace Sinter.Tests.Text.Templates;

public sealed class TemplateBatteryTests
{
    // What Python's own errors are about and this interpreter allows is no difference in text; the other way round is one.
    [Fact]
    public void Templates_make_the_text_that_Jinja2_makes()
    {
        var battery = TemplateReferences.Read("battery.json");
        List<string> wrong = [];
        foreach (var test in battery.GetProperty("cases").EnumerateArray())
        {
            string template = test.GetProperty("template").GetString()!, found = Render(template, battery, out var generated);
            bool fails = test.TryGetProperty("error", out var error);
            string wanted = fails ? $"error {error.GetString()}" : test.GetProperty("text").GetString()!;
            if (fails ? !found.StartsWith("error ", StringComparison.Ordinal) : found != wanted || !generated.SequenceEqual(TemplateReferences.Texts(test.GetProperty("generated"))))
                wrong.Add($"{JsonSerializer.Serialize(template)}\n  wanted {JsonSerializer.Serialize(wanted)}\n  found  {JsonSerializer.Serialize(found)}");
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} differ:\n{string.Join('\n', wrong.Take(40))}");
    }

    private static string Render(string template, JsonElement battery, out List<string> generated)
    {
        generated = [];
        try
        {
            var rendered = Template.Parse(template).Render(TemplateReferences.Values(battery));
            generated = [.. rendered.Generated.Select(r => rendered.Text[r])];
            return rendered.Text;
        }
        catch (TemplateException e)
        {
            return $"error {e.Message}";
        }
    }
}
