using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>f(…)</c>.</summary>
internal sealed class CallExpression(int at, Expression function, CallArguments arguments) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope) => Call(run, scope, null);

    /// <summary>Calls with a block as <c>caller</c>, or without.</summary>
    public object? Call(TemplateRun run, TemplateScope scope, Callable? caller)
    {
        object? found = function.Evaluate(run, scope);
        if (Value.Defined(found) is not Callable callable) throw new TemplateFault($"a {Value.TypeName(found)} can't be called");
        var values = arguments.Evaluate(callable.Name, run, scope);
        run.Step(At);
        if (caller is not null) values.Names["caller"] = caller;
        return callable.Call(run, values);
    }
}
