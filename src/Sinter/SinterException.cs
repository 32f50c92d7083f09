namespace Sinter;

/// <summary>An error whose message is for the user: what is wrong, where, and what to do. Commands print it without a stack trace.</summary>
public class SinterException : Exception
{
    /// <summary>Creates the error.</summary>
    public SinterException(string message) : base(message) { }

    /// <summary>Creates the error with its cause.</summary>
    public SinterException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>Data that can't be read or trained on: a missing, empty or binary file, text shorter than a context.</summary>
public sealed class DataException : SinterException
{
    /// <inheritdoc/>
    public DataException(string message) : base(message) { }

    /// <inheritdoc/>
    public DataException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>A model file, checkpoint or run folder that is damaged, incomplete, locked or of another shape than expected.</summary>
public sealed class CheckpointException : SinterException
{
    /// <inheritdoc/>
    public CheckpointException(string message) : base(message) { }

    /// <inheritdoc/>
    public CheckpointException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>A recipe or option that is wrong; the message lists every error found, one per line.</summary>
public sealed class RecipeException : SinterException
{
    /// <inheritdoc/>
    public RecipeException(string message) : this([message]) { }

    /// <summary>Creates the error from every error found.</summary>
    public RecipeException(IReadOnlyList<string> errors) : base(string.Join('\n', errors)) => Errors = errors;

    /// <summary>The errors, one line each, with their places where they have one.</summary>
    public IReadOnlyList<string> Errors { get; }
}
