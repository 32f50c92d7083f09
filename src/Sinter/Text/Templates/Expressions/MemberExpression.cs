using Sinter.Text.Templates.Functions;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>a.b</c>: a method before a key; <c>a["b"]</c> and <c>a[0]</c>: a key or place before a method.</summary>
internal sealed class MemberExpression(int at, Expression owner, Expression member, bool isName) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        object? container = owner.Evaluate(run, scope), key = member.Evaluate(run, scope);
        run.Step(At);
        return isName ? Members.Named(container, (string)key!) : Members.Item(container, key);
    }
}
