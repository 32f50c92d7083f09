using System.Runtime.InteropServices;
using Sinter.Training;

namespace Sinter.Cli.Shell;

/// <summary>Tells the user what went wrong: errors that are theirs without a stack trace, others with a way to report them.</summary>
internal static class ErrorReport
{
    /// <summary>Writes it.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(Exception error, bool isVerbose)
    {
        if (error is IOException io && StandardOutput.IsBrokenPipe(io)) return ExitCode.Success;
        Messages.EndProgress();
        if (error is SinterException) Messages.Error(error.Message);
        else if (error is OutOfMemoryException)
            Messages.Error($"The memory is not enough. Lower training.batch_size or the model's size. ({error.Message})");
        else Unexpected(error, isVerbose);
        if (isVerbose) Console.Error.WriteLine(error);
        return error switch
        {
            UsageException or RecipeException => ExitCode.Usage,
            TrainingException => ExitCode.Diverged,
            _ => ExitCode.Failure,
        };
    }

    private static void Unexpected(Exception error, bool isVerbose)
    {
        Messages.Error($"{error.GetType().Name}: {error.Message}");
        string version = $"{typeof(Trainer).Assembly.GetName().Version?.ToString(3)}";
        Messages.Line($"This is a mistake in Sinter {version} ({RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}).");
        Messages.Line($"Please report it with the command and {(isVerbose ? "the lines below" : "what the same command says with --verbose")}.");
    }
}
