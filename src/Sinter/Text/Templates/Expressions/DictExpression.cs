using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>{key: value}</c>.</summary>
internal sealed class DictExpression(int at, List<(Expression Key, Expression Value)> items) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        TemplateDict dict = [];
        foreach (var (key, value) in items)
        {
            object? name = key.Evaluate(run, scope), found = value.Evaluate(run, scope);
            run.Step(At);
            dict.Put(name, found);
        }
        run.Charge(dict.Count);
        return dict;
    }
}
