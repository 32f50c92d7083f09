using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>Filters of what has items.</summary>
internal static class ListFilters
{
    /// <summary>The filters by name.</summary>
    public static Dictionary<string, Filter> All { get; } = new()
    {
        ["length"] = (_, value, _) => Value.Length(value),
        ["count"] = (_, value, _) => Value.Length(value),
        ["first"] = (_, value, _) => Value.Items(value) is [var first, ..] ? first : new Undefined("there is no first item"),
        ["last"] = (_, value, _) => Value.Items(value) is [.., var last] ? last : new Undefined("there is no last item"),
        ["list"] = List((items, _) => items),
        ["reverse"] = Reverse,
        ["join"] = Join,
        ["items"] = List((items, _) => items, Pairs),
        ["dictsort"] = List((items, a) => DictSort(items, a.Expect("case_sensitive", "by", "reverse")), Pairs),
        ["sort"] = List((items, a) => Sorting.Sort(items, a.Expect("reverse", "case_sensitive", "attribute").Flag(0, "reverse"), a.Flag(1, "case_sensitive"), Attributes(a, 2))),
        ["unique"] = List((items, a) => Sorting.Unique(items, a.Expect("case_sensitive", "attribute").Flag(0, "case_sensitive"), Attribute(a, 1))),
        ["min"] = (_, value, a) => Sorting.Extreme(Value.Items(value), -1, a.Expect("case_sensitive", "attribute").Flag(0, "case_sensitive"), Attribute(a, 1)),
        ["max"] = (_, value, a) => Sorting.Extreme(Value.Items(value), 1, a.Expect("case_sensitive", "attribute").Flag(0, "case_sensitive"), Attribute(a, 1)),
        ["sum"] = Sum,
        ["map"] = Map,
        ["select"] = (run, value, a) => Select(run, value, Test(a, 0), keeps: true),
        ["reject"] = (run, value, a) => Select(run, value, Test(a, 0), keeps: false),
        ["selectattr"] = (run, value, a) => Select(run, value, AttributeTest(a), keeps: true),
        ["rejectattr"] = (run, value, a) => Select(run, value, AttributeTest(a), keeps: false),
    };

    private static Filter List(Func<List<object?>, Arguments, List<object?>> make, Func<object?, List<object?>>? items = null) => (run, value, arguments) =>
    {
        var all = (items ?? Value.Items)(value);
        run.Charge(all.Count);
        return make([.. all], arguments);
    };

    private static List<object?> Pairs(object? value) => value switch
    {
        Undefined => [],
        TemplateDict dict => [.. dict.Select(p => new TemplateTuple([p.Key, p.Value]))],
        _ => throw new TemplateFault($"a {Value.TypeName(value)} has no pairs of key and value"),
    };

    private static object Reverse(TemplateRun run, object? value, Arguments arguments)
    {
        List<object?> items = [.. Value.Items(value)];
        run.Charge(items.Count);
        items.Reverse();
        return value is string ? string.Concat(items) : items;
    }

    private static string Join(TemplateRun run, object? value, Arguments arguments)
    {
        string between = ValueText.Of(arguments.Expect("d", "attribute").Get(0, "d", ""));
        var attribute = Attribute(arguments, 1);
        var items = Value.Items(value);
        run.Charge((long)items.Count * between.Length);
        string text = string.Join(between, items.Select(item => ValueText.Of(attribute is null ? item : attribute(item))));
        run.Charge(text.Length);
        return text;
    }

    private static List<object?> DictSort(List<object?> pairs, Arguments arguments)
    {
        int part = arguments.Get(1, "by", "key") switch
        {
            "key" => 0,
            "value" => 1,
            var by => throw new TemplateFault($"dictsort sorts by 'key' or 'value', not '{ValueText.Of(by)}'"),
        };
        return Sorting.Sort(pairs, arguments.Flag(2, "reverse"), arguments.Flag(0, "case_sensitive"), pair => ((TemplateTuple)pair!)[part]);
    }

    private static object? Sum(TemplateRun run, object? value, Arguments arguments)
    {
        var attribute = Attribute(arguments.Expect("attribute", "start"), 0);
        object? sum = arguments.Get(1, "start", 0L);
        foreach (object? item in Value.Items(value)) sum = Arithmetic.Apply(run, "+", sum, attribute is null ? item : attribute(item));
        return sum;
    }

    private static List<object?> Map(TemplateRun run, object? value, Arguments arguments)
    {
        var items = Value.Items(value);
        run.Charge(items.Count);
        if (arguments.Places is [] && Attribute(arguments.Expect("attribute", "default"), 0) is { } attribute)
            return items.ConvertAll(item => attribute(item) is var found and not Undefined ? found : arguments.Names.TryGetValue("default", out object? missing) ? missing : attribute(item));
        string name = arguments.Text(0, "filter");
        var filter = Filters.Get(name);
        Arguments rest = new(name, arguments.Places[1..], arguments.Names);
        return items.ConvertAll(item =>
        {
            run.Step(run.At);
            return filter(run, item, rest);
        });
    }

    private static List<object?> Select(TemplateRun run, object? value, Func<object?, bool> test, bool keeps)
    {
        var items = Value.Items(value);
        run.Charge(items.Count);
        return items.FindAll(item => test(item) == keeps);
    }

    private static Func<object?, bool> AttributeTest(Arguments arguments)
    {
        var attribute = Attribute(arguments, 0) ?? throw new TemplateFault("the filter needs the name of an attribute");
        var test = Test(arguments, 1);
        return item => test(attribute(item));
    }

    private static Func<object?, bool> Test(Arguments arguments, int place)
    {
        if (arguments.Places.Count <= place) return Value.IsTrue;
        string name = arguments.Text(place, "test");
        var test = Tests.Get(name);
        Arguments rest = new(name, arguments.Places[(place + 1)..], arguments.Names);
        return item => test(item, rest);
    }

    /// <summary>What several attributes, with commas between them, are for each item: a tuple.</summary>
    private static Func<object?, object?>? Attributes(Arguments arguments, int place)
    {
        if (arguments.Get(place, "attribute") is not string names || !names.Contains(',', StringComparison.Ordinal)) return Attribute(arguments, place);
        var all = names.Split(',').Select(n => Attribute(new("sort", [n]), 0)!).ToList();
        return item => new TemplateTuple(all.ConvertAll(attribute => attribute(item)));
    }

    private static Func<object?, object?>? Attribute(Arguments arguments, int place) => arguments.Get(place, "attribute") switch
    {
        null => null,
        long number => item => Members.Item(item, number),
        string path => item => path.Split('.').Aggregate(item, (found, part) => Members.Item(found, long.TryParse(part, out long number) ? number : part)),
        var other => throw new TemplateFault($"the name of an attribute is a text or a number, not a {Value.TypeName(other)}"),
    };
}
