namespace Sinter.Text.Templates.Values;

/// <summary>Something that can be called: a global, a method, a macro.</summary>
/// <param name="name">What messages call it.</param>
/// <param name="call">Does it.</param>
internal sealed class Callable(string name, Func<TemplateRun, Arguments, object?> call)
{
    /// <summary>What messages call it.</summary>
    public string Name => name;

    /// <summary>Does it.</summary>
    public object? Call(TemplateRun run, Arguments arguments) => call(run, arguments);
}
