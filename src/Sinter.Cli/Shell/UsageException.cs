namespace Sinter.Cli.Shell;

/// <summary>The command line asks for something that can't be; ends with <see cref="ExitCode.Usage"/>.</summary>
internal sealed class UsageException(string message) : SinterException(message);
