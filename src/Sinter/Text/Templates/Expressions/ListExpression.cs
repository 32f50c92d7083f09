using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>[a, b]</c>, or <c>(a, b)</c>.</summary>
internal sealed class ListExpression(int at, List<Expression> items, bool isTuple) : Expression(at)
{
    /// <summary>The items.</summary>
    public List<Expression> Items => items;

    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        List<object?> values = items.ConvertAll(item => item.Evaluate(run, scope));
        run.Step(At);
        run.Charge(values.Count);
        return isTuple ? new TemplateTuple(values) : values;
    }
}
