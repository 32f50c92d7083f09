namespace Sinter.Cli.Terminal;

/// <summary>What the terminal can do.</summary>
/// <param name="Redirected">Whether output goes to a file or a pipe.</param>
/// <param name="NoColor">Whether NO_COLOR is set to anything (https://no-color.org).</param>
/// <param name="Dumb">Whether TERM is <c>dumb</c>.</param>
/// <param name="Ansi">Whether it knows escape sequences.</param>
/// <param name="Unicode">Whether it shows UTF-8.</param>
/// <param name="Width">Columns.</param>
internal readonly record struct TerminalFacts(bool Redirected, bool NoColor, bool Dumb, bool Ansi, bool Unicode, int Width)
{
    /// <summary>The narrowest terminal that gets a panel.</summary>
    public const int NarrowestPanel = 60;

    /// <summary>Whether a panel that redraws itself would be readable.</summary>
    public bool CanShowPanel => !Redirected && !NoColor && !Dumb && Ansi && Unicode && Width >= NarrowestPanel;
}
