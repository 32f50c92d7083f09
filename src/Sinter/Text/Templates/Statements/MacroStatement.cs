using Sinter.Text.Templates.Expressions;
using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Statements;

/// <summary>The parameters of a macro and what it writes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Parameters">Names, each with the value that it has where none is given.</param>
/// <param name="Body">What it writes.</param>
/// <param name="TakesMore">Whether the body asks for <c>varargs</c> or <c>kwargs</c>.</param>
internal sealed record Macro(string Name, List<(string Name, Expression? Missing)> Parameters, Block Body, bool TakesMore)
{
    /// <summary>The macro as a value; it sees the names around it as they are when it is called.</summary>
    public Callable In(TemplateScope outer) => new(Name, (run, arguments) => Call(run, new TemplateScope(outer), arguments));

    private string Call(TemplateRun run, TemplateScope scope, Arguments arguments)
    {
        Dictionary<string, object?> names = new(arguments.Names, StringComparer.Ordinal);
        if (names.Remove("caller", out object? caller)) scope["caller"] = caller;
        for (int i = 0; i < Parameters.Count; i++)
        {
            var (name, missing) = Parameters[i];
            bool isNamed = names.Remove(name, out object? named);
            if (isNamed && i < arguments.Places.Count) throw new TemplateFault($"the macro {Name} gets two values for '{name}'");
            scope[name] = i < arguments.Places.Count ? arguments.Places[i] : isNamed ? named
                : missing is null ? new Undefined($"the macro {Name} was given no '{name}'") : missing.Evaluate(run, scope);
        }
        SetRest(scope, [.. arguments.Places.Skip(Parameters.Count)], names);
        return run.Capture(() => Body.Execute(run, scope));
    }

    private void SetRest(TemplateScope scope, List<object?> places, Dictionary<string, object?> names)
    {
        if (!TakesMore && places.Count > 0) throw new TemplateFault($"the macro {Name} takes {Parameters.Count} arguments at most");
        if (!TakesMore && names.Count > 0) throw new TemplateFault($"the macro {Name} has no parameter '{names.Keys.First()}'");
        if (!TakesMore) return;
        TemplateDict rest = [];
        foreach (var (name, value) in names) rest[name] = value;
        (scope["varargs"], scope["kwargs"]) = (new TemplateTuple(places), rest);
    }
}

/// <summary><c>{% macro name(…) %}</c></summary>
internal sealed class MacroStatement(Macro macro) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        scope[macro.Name] = macro.In(scope);
        return Flow.Next;
    }
}

/// <summary><c>{% call macro(…) %}</c>: the block is what <c>caller()</c> writes inside the macro.</summary>
internal sealed class CallBlock(int at, CallExpression call, Macro caller) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        object? text = call.Call(run, scope, caller.In(scope));
        run.Step(at);
        run.Write(ValueText.Of(text));
        return Flow.Next;
    }
}
