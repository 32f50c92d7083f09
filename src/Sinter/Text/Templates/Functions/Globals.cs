using Sinter.Text.Templates.Values;

namespace Sinter.Text.Templates.Functions;

/// <summary>What every template can call.</summary>
internal static class Globals
{
    private const long LongestRange = 100_000;

    /// <summary>The names.</summary>
    public static TemplateScope Scope { get; } = new()
    {
        ["range"] = new Callable("range", (run, arguments) => Range(run, arguments)),
        ["dict"] = new Callable("dict", (_, arguments) => Dict(arguments)),
        ["namespace"] = new Callable("namespace", (_, arguments) => Namespace(arguments)),
        ["raise_exception"] = new Callable("raise_exception", (_, arguments) => throw new TemplateFault(ValueText.Of(arguments.Required(0, "message")))),
        ["strftime_now"] = new Callable("strftime_now", (run, arguments) => DateText.Of(run.Now, arguments.Expect("format").Text(0, "format"))),
    };

    private static List<object?> Range(TemplateRun run, Arguments arguments)
    {
        bool hasStart = arguments.Expect("start", "stop", "step").Places.Count > 1;
        long start = hasStart ? arguments.Integer(0, "start", 0) : 0, stop = arguments.Integer(hasStart ? 1 : 0, "stop", 0), step = arguments.Integer(2, "step", 1);
        if (step == 0) throw new TemplateFault("range: the step can't be 0");
        Int128 count = ((Int128)stop - start + step - Math.Sign(step)) / step;
        if (count > LongestRange) throw new TemplateFault($"range: {count} numbers are more than {LongestRange}");
        run.Charge((long)Int128.Max(0, count));
        List<object?> numbers = [];
        for (long i = 0; i < count; i++) numbers.Add(start + i * step);
        return numbers;
    }

    private static TemplateDict Dict(Arguments arguments)
    {
        TemplateDict dict = [];
        if (arguments.Places is [TemplateDict given]) foreach (var (key, value) in given) dict[key] = value;
        else foreach (object? pair in arguments.Places is [var pairs] ? Value.Items(pairs) : [])
            if (Value.Items(pair) is [var key, var value]) dict.Put(key, value);
            else throw new TemplateFault("dict takes pairs of key and value");
        foreach (var (name, value) in arguments.Names) dict[name] = value;
        return dict;
    }

    private static TemplateNamespace Namespace(Arguments arguments)
    {
        TemplateNamespace names = new();
        foreach (var (key, value) in Dict(arguments)) names.Names[ValueText.Of(key)] = value;
        return names;
    }
}
