using System.Globalization;
using System.Text.Json;

namespace Sinter.Options;

/// <summary>The values a number may take; infinities and NaN are never among them.</summary>
/// <param name="Minimum">The lower bound.</param>
/// <param name="Maximum">The upper bound.</param>
/// <param name="IncludesMinimum">Whether the lower bound itself is allowed.</param>
/// <param name="IncludesMaximum">Whether the upper bound itself is allowed.</param>
public readonly record struct NumberRange(double Minimum, double Maximum, bool IncludesMinimum = true, bool IncludesMaximum = true)
{
    /// <summary>Any finite number.</summary>
    public static NumberRange Any { get; } = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>Numbers greater than zero.</summary>
    public static NumberRange Positive { get; } = new(0, double.PositiveInfinity, IncludesMinimum: false);

    /// <summary>Zero and greater.</summary>
    public static NumberRange NotNegative { get; } = new(0, double.PositiveInfinity);

    /// <summary>[0, 1): probabilities of dropping, decay rates.</summary>
    public static NumberRange BelowOne { get; } = new(0, 1, IncludesMaximum: false);

    /// <summary>[0, 1]: shares of a whole.</summary>
    public static NumberRange Share { get; } = new(0, 1);

    /// <summary>(0, 1): shares of which something must be left on both sides.</summary>
    public static NumberRange ProperShare { get; } = new(0, 1, IncludesMinimum: false, IncludesMaximum: false);

    /// <summary>Whether <paramref name="value"/> is allowed.</summary>
    public bool Contains(double value) => double.IsFinite(value)
        && (IncludesMinimum ? value >= Minimum : value > Minimum) && (IncludesMaximum ? value <= Maximum : value < Maximum);

    /// <summary>The range in words, such as <c>greater than 0</c> or <c>in [0, 1)</c>.</summary>
    public override string ToString() => (double.IsFinite(Minimum), double.IsFinite(Maximum)) switch
    {
        (true, true) => $"in {(IncludesMinimum ? '[' : '(')}{Text(Minimum)}, {Text(Maximum)}{(IncludesMaximum ? ']' : ')')}",
        (true, false) => (IncludesMinimum ? "at least " : "greater than ") + Text(Minimum),
        (false, true) => (IncludesMaximum ? "at most " : "less than ") + Text(Maximum),
        _ => "finite",
    };

    internal void WriteJson(Utf8JsonWriter json)
    {
        if (double.IsFinite(Minimum)) json.WriteNumber(IncludesMinimum ? "minimum" : "exclusiveMinimum", Minimum);
        if (double.IsFinite(Maximum)) json.WriteNumber(IncludesMaximum ? "maximum" : "exclusiveMaximum", Maximum);
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
