using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Statements;

/// <summary>What a value is given to.</summary>
internal abstract class Target
{
    /// <summary>Gives it.</summary>
    public abstract void Set(TemplateScope scope, object? value);
}

/// <summary>A name.</summary>
internal sealed class NameTarget(string name) : Target
{
    /// <inheritdoc/>
    public override void Set(TemplateScope scope, object? value) => scope[name] = value;
}

/// <summary>A name in a namespace.</summary>
internal sealed class NamespaceTarget(string owner, string name) : Target
{
    /// <inheritdoc/>
    public override void Set(TemplateScope scope, object? value)
    {
        if (scope[owner] is not TemplateNamespace names) throw new TemplateFault($"'{owner}' is no namespace, so '{owner}.{name}' can't be set");
        names.Names[name] = value;
    }
}

/// <summary>Several, one for each item.</summary>
internal sealed class TupleTarget(List<Target> targets) : Target
{
    /// <inheritdoc/>
    public override void Set(TemplateScope scope, object? value)
    {
        var items = Value.Items(Value.Defined(value));
        if (items.Count != targets.Count) throw new TemplateFault($"{items.Count} items can't be given to {targets.Count} names");
        for (int i = 0; i < targets.Count; i++) targets[i].Set(scope, items[i]);
    }
}
