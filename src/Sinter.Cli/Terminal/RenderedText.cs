using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sinter.Cli.Terminal;

/// <summary>What the terminal library draws, as a text with escape sequences.</summary>
internal static class RenderedText
{
    /// <summary>The text, <paramref name="width"/> columns wide at most, without the last line feed.</summary>
    public static string Of(IRenderable what, ColorSystem colors, int width)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = Support(colors),
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(what);
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>The same without escape sequences.</summary>
    public static string Plain(IRenderable what, int width)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        console.Write(what);
        return text.ToString().TrimEnd('\n');
    }

    // The two enumerations count differently.
    private static ColorSystemSupport Support(ColorSystem colors) => colors switch
    {
        ColorSystem.TrueColor => ColorSystemSupport.TrueColor,
        ColorSystem.EightBit => ColorSystemSupport.EightBit,
        ColorSystem.Standard => ColorSystemSupport.Standard,
        ColorSystem.Legacy => ColorSystemSupport.Legacy,
        _ => ColorSystemSupport.NoColors,
    };
}
