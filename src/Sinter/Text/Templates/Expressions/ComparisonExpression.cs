using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>a &lt; b &lt;= c</c>: each with the next one, until one does not hold.</summary>
internal sealed class ComparisonExpression(int at, Expression first, List<(string Sign, Expression Other)> others) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        object? left = first.Evaluate(run, scope);
        foreach (var (sign, other) in others)
        {
            object? right = other.Evaluate(run, scope);
            run.Step(At);
            if (right is string or List<object?>) run.Charge(sign.EndsWith("in", StringComparison.Ordinal) ? Value.Length(right) / 16 : 0);
            if (!Holds(sign, left, right)) return false;
            left = right;
        }
        return true;
    }

    private static bool Holds(string sign, object? left, object? right) => sign switch
    {
        "==" => Value.AreEqual(left, right),
        "!=" => !Value.AreEqual(left, right),
        "in" => Value.Contains(right, left),
        "not in" => !Value.Contains(right, left),
        "<" => Value.Compare(left, right, sign) < 0,
        "<=" => Value.Compare(left, right, sign) <= 0,
        ">" => Value.Compare(left, right, sign) > 0,
        _ => Value.Compare(left, right, sign) >= 0,
    };
}
