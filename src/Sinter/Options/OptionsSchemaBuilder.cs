using System.Numerics;

namespace Sinter.Options;

/// <summary>Lists the keys and rules of an options class.</summary>
public sealed class OptionsSchemaBuilder<T> where T : class, new()
{
    internal OptionsSchemaBuilder() { }

    internal List<OptionKey<T>> Keys { get; } = [];
    internal List<OptionRule<T>> Rules { get; } = [];

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public void Integer<TValue>(string name, string description, Func<T, TValue> get, Action<T, TValue> set, long min = 0, long max = long.MaxValue)
        where TValue : struct, IBinaryInteger<TValue>, IMinMaxValue<TValue> => Add(name, description, get, set, new IntegerType<TValue>(min, max));

    /// <summary>A whole number, or null.</summary>
    public void OptionalInteger<TValue>(string name, string description, Func<T, TValue?> get, Action<T, TValue?> set, long min = 0,
        long max = long.MaxValue)
        where TValue : struct, IBinaryInteger<TValue>, IMinMaxValue<TValue> =>
        Add(name, description, get, set, new OptionalType<TValue>(new IntegerType<TValue>(min, max)));

    /// <summary>A number in <paramref name="range"/>.</summary>
    public void Number(string name, string description, Func<T, double> get, Action<T, double> set, NumberRange range) =>
        Add(name, description, get, set, new NumberType(range));

    /// <summary>A number, or null.</summary>
    public void OptionalNumber(string name, string description, Func<T, double?> get, Action<T, double?> set, NumberRange range) =>
        Add(name, description, get, set, new OptionalType<double>(new NumberType(range)));

    /// <summary>Two numbers, both in <paramref name="range"/>.</summary>
    public void Pair(string name, string description, Func<T, (double First, double Second)> get, Action<T, (double First, double Second)> set,
        NumberRange range) => Add(name, description, get, set, new PairType(range));

    /// <summary>A list of whole numbers from <paramref name="min"/>; it may be empty.</summary>
    public void Integers(string name, string description, Func<T, IReadOnlyList<long>> get, Action<T, IReadOnlyList<long>> set, long min = 0) =>
        Add(name, description, get, set, new ListType<long>(new IntegerType<long>(min, long.MaxValue), "integers"));

    /// <summary>A list of numbers in <paramref name="range"/>; it may be empty.</summary>
    public void Numbers(string name, string description, Func<T, IReadOnlyList<double>> get, Action<T, IReadOnlyList<double>> set,
        NumberRange range) => Add(name, description, get, set, new ListType<double>(new NumberType(range), "numbers"));

    /// <summary>True or false.</summary>
    public void Boolean(string name, string description, Func<T, bool> get, Action<T, bool> set) =>
        Add(name, description, get, set, new BooleanType());

    /// <summary>True, false or null.</summary>
    public void OptionalBoolean(string name, string description, Func<T, bool?> get, Action<T, bool?> set) =>
        Add(name, description, get, set, new OptionalType<bool>(new BooleanType()));

    /// <summary>A text; <paramref name="check"/> says what is wrong with it, or null.</summary>
    public void Text(string name, string description, Func<T, string> get, Action<T, string> set, Func<string, string?>? check = null) =>
        Add(name, description, get, set, new TextType(check));

    /// <summary>A text, or null; <paramref name="resolve"/> makes what is kept of a text and the absolute folder it was written in.</summary>
    public void OptionalText(string name, string description, Func<T, string?> get, Action<T, string?> set, Func<string, string, string>? resolve = null) =>
        Add(name, description, get, set, new OptionalTextType(resolve));

    /// <summary>One of <paramref name="names"/>.</summary>
    public void Choice(string name, string description, Func<T, string> get, Action<T, string> set, IReadOnlyList<string> names) =>
        Add(name, description, get, set, new ChoiceType(names));

    /// <summary>At least one text, given as one or as a list; a required key.</summary>
    /// <param name="name">The key.</param>
    /// <param name="description">One line; the error for a missing key says it too, as what the key takes.</param>
    /// <param name="get">Gets the value.</param>
    /// <param name="set">Sets the value.</param>
    /// <param name="resolve">Makes what is kept of a text and the absolute folder it was written in; null keeps the text.</param>
    public void RequiredTexts(string name, string description, Func<T, IReadOnlyList<string>> get, Action<T, IReadOnlyList<string>> set,
        Func<string, string, string>? resolve = null) =>
        Keys.Add(new ValueKey<T, IReadOnlyList<string>>(name, description, get, set, new TextListType(resolve), required: true));

    /// <summary>Texts, given as one or as a list; may be none.</summary>
    public void Texts(string name, string description, Func<T, IReadOnlyList<string>> get, Action<T, IReadOnlyList<string>> set,
        Func<string, string, string>? resolve = null) => Add(name, description, get, set, new TextListType(resolve, optional: true));

    /// <summary>A word, a mapping of names to numbers above 0, or null.</summary>
    public void WordOrNumbers<TValue>(string name, string description, Func<T, TValue?> get, Action<T, TValue?> set, string word, TValue ofWord,
        Func<IReadOnlyList<KeyValuePair<string, double>>, TValue> ofNumbers, Func<TValue, IReadOnlyList<KeyValuePair<string, double>>> numbersOf) where TValue : class =>
        Add(name, description, get, set, new WordOrNumbersType<TValue>(word, ofWord, ofNumbers, numbersOf));

    /// <summary>
    /// A mapping with its own keys; asked for its schema only when used, so that static schemas may refer to each other in any
    /// order.
    /// </summary>
    public void Section<TSection>(string name, string description, Func<T, TSection> get, Action<T, TSection> set,
        Func<OptionsSchema<TSection>> schema)
        where TSection : class, new() => Keys.Add(new SectionKey<T, TSection>(name, description, get, set, schema, optional: false));

    /// <summary>A mapping that may be absent, which is null.</summary>
    public void OptionalSection<TSection>(string name, string description, Func<T, TSection?> get, Action<T, TSection?> set,
        Func<OptionsSchema<TSection>> schema)
        where TSection : class, new() => Keys.Add(new SectionKey<T, TSection>(name, description, get, set, schema, optional: true));

    /// <summary>One of the strategies of <paramref name="registry"/>: its name, or a mapping with <c>name</c> and its keys.</summary>
    public void Strategy<TBase>(string name, string description, Func<T, TBase> get, Action<T, TBase> set, Registry<TBase> registry)
        where TBase : class, INamedOptions => Keys.Add(new StrategyKey<T, TBase>(name, description, get, (o, v) => set(o, v!), registry,
            optional: false));

    /// <summary>One of the strategies of <paramref name="registry"/>, or null.</summary>
    public void OptionalStrategy<TBase>(string name, string description, Func<T, TBase?> get, Action<T, TBase?> set, Registry<TBase> registry)
        where TBase : class, INamedOptions => Keys.Add(new StrategyKey<T, TBase>(name, description, get, set, registry, optional: true));

    /// <summary>
    /// A list of strategies of <paramref name="registry"/>, at least <paramref name="least"/>; where one is enough, it may stand without the list.
    /// The registry is asked for only when used, so that strategies may hold others of the same registry.
    /// </summary>
    public void Strategies<TBase>(string name, string description, Func<T, IReadOnlyList<TBase>> get, Action<T, IReadOnlyList<TBase>> set,
        Func<Registry<TBase>> registry, int least = 0)
        where TBase : class, INamedOptions => Keys.Add(new ListKey<T, TBase>(name, description, get, set, new StrategyForm<TBase>(registry), least));

    /// <summary>A list of mappings with their own keys; one may stand without the list.</summary>
    public void Sections<TSection>(string name, string description, Func<T, IReadOnlyList<TSection>> get, Action<T, IReadOnlyList<TSection>> set,
        Func<OptionsSchema<TSection>> schema)
        where TSection : class, new() => Keys.Add(new ListKey<T, TSection>(name, description, get, set, new SectionForm<TSection>(schema), 0));

    /// <summary>A condition on several values together.</summary>
    /// <param name="keys">Their paths below these options; an error is reported under the first.</param>
    /// <param name="message">What is wrong and what to do, or null. Not called when one of the values is itself wrong.</param>
    public void Rule(IReadOnlyList<string> keys, Func<T, string?> message) => Rules.Add(new(keys, message));

    private void Add<TValue>(string name, string description, Func<T, TValue> get, Action<T, TValue> set, OptionType<TValue> type) =>
        Keys.Add(new ValueKey<T, TValue>(name, description, get, set, type, required: false));
}
