namespace Sinter.Cli.Shell;

/// <summary>What the process ends with; a signal ends it with 128 and the signal's number.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;

    /// <summary>Training went wrong: a guard of the recipe, or numbers that are not finite.</summary>
    public const int Diverged = 3;

    public const int Hangup = 129;
    public const int Interrupted = 130;
    public const int Terminated = 143;
}
