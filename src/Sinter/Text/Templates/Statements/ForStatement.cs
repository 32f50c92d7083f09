using Sinter.Text.Templates.Expressions;
using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Statements;

/// <summary><c>{% for target in items if condition %}</c>, with <c>else</c> for no items.</summary>
internal sealed class ForStatement(int at, Target target, Expression items, Expression? condition, Block body, Block? otherwise) : Statement
{
    /// <inheritdoc/>
    public override Flow Execute(TemplateRun run, TemplateScope scope)
    {
        var all = Chosen(run, scope);
        if (all.Count == 0) return otherwise?.Execute(run, scope) ?? Flow.Next;
        Loop loop = new(all);
        for (; loop.Index < all.Count; loop.Index++)
        {
            run.Step(at);
            TemplateScope inner = new(scope) { ["loop"] = loop };
            target.Set(inner, all[loop.Index]);
            if (body.Execute(run, inner) == Flow.Break) break;
        }
        return Flow.Next;
    }

    private List<object?> Chosen(TemplateRun run, TemplateScope scope)
    {
        object? value = items.Evaluate(run, scope);
        run.Step(at);
        var all = Value.Items(value);
        run.Charge(all.Count);
        return condition is null ? all : all.FindAll(item =>
        {
            TemplateScope inner = new(scope);
            run.Step(at);
            target.Set(inner, item);
            return Value.IsTrue(condition.Evaluate(run, inner));
        });
    }
}
