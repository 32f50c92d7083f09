using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Expressions;

/// <summary><c>a[start:stop:step]</c> of a list or a text.</summary>
internal sealed class SliceExpression(int at, Expression owner, Expression? start, Expression? stop, Expression? step) : Expression(at)
{
    /// <inheritdoc/>
    public override object? Evaluate(TemplateRun run, TemplateScope scope)
    {
        object? container = owner.Evaluate(run, scope);
        long? from = Number(start, run, scope), to = Number(stop, run, scope), by = Number(step, run, scope);
        run.Step(At);
        if (Value.Defined(container) is not (string or List<object?>)) throw new TemplateFault($"a {Value.TypeName(container)} can't be cut");
        var items = Value.Items(container);
        List<object?> cut = Cut(items, from, to, by ?? 1);
        run.Charge(cut.Count);
        return container switch
        {
            string => string.Concat(cut),
            TemplateTuple => new TemplateTuple(cut),
            _ => cut,
        };
    }

    private static long? Number(Expression? place, TemplateRun run, TemplateScope scope) => place?.Evaluate(run, scope) switch
    {
        null => null,
        var value when Value.TryInteger(value, out long number) => number,
        var value => throw new TemplateFault($"a place in a list is a whole number, not a {Value.TypeName(value)}"),
    };

    private static List<object?> Cut(List<object?> items, long? from, long? to, long by)
    {
        if (by == 0) throw new TemplateFault("the step of a slice can't be 0");
        long least = by > 0 ? 0 : -1, most = by > 0 ? items.Count : items.Count - 1;
        long first = Clamp(from, by > 0 ? least : most), end = Clamp(to, by > 0 ? most : least);
        List<object?> cut = [];
        for (Int128 i = first; by > 0 ? i < end : i > end; i += by) cut.Add(items[(int)i]);
        return cut;

        long Clamp(long? place, long missing) => place is not { } given ? missing : Math.Clamp(given < 0 ? given + items.Count : given, least, most);
    }
}
