using System.Numerics;
using System.Text;

namespace Sinter.Text.Templates.Values;

/// <summary>Python's operators on values.</summary>
internal static class Arithmetic
{
    /// <summary>An operator between two values.</summary>
    /// <param name="run">Counts what is made.</param>
    /// <param name="sign"><c>+ - * / // % **</c></param>
    /// <param name="x">The left one.</param>
    /// <param name="y">The right one.</param>
    public static object? Apply(TemplateRun run, string sign, object? x, object? y)
    {
        (x, y) = (Value.Defined(x), Value.Defined(y));
        if (Value.TryInteger(x, out long a) && Value.TryInteger(y, out long b)) return Integers(sign, a, b);
        if (Value.TryNumber(x, out double left) && Value.TryNumber(y, out double right)) return Floats(sign, left, right);
        if (sign == "*" && Value.TryInteger(x, out long times)) return Repeat(run, y, times);
        if (sign == "*" && Value.TryInteger(y, out times)) return Repeat(run, x, times);
        if (sign == "+" && Join(run, x, y) is { } joined) return joined;
        if (sign == "%" && x is string) throw new TemplateFault("a text can't be filled in with '%' here; join texts with '~'");
        throw new TemplateFault($"'{sign}' has no meaning between a {Value.TypeName(x)} and a {Value.TypeName(y)}"
            + (sign == "+" && (x is string || y is string) ? "; '~' joins anything as text" : ""));
    }

    /// <summary>The sign of a number turned round, or kept.</summary>
    public static object Sign(object? value, bool negative)
    {
        if (Value.TryInteger(Value.Defined(value), out long whole)) return negative ? Value.Whole(-(BigInteger)whole) : whole;
        if (value is double number) return negative ? -number : number;
        throw new TemplateFault($"a {Value.TypeName(value)} has no sign");
    }

    private static object Integers(string sign, long x, long y) => sign switch
    {
        "+" => (object)Value.Whole((BigInteger)x + y),
        "-" => Value.Whole((BigInteger)x - y),
        "*" => Value.Whole((BigInteger)x * y),
        "/" => (double)x / NotZero(y),
        "//" => FloorDivide(x, NotZero(y)),
        "%" => Modulo(x, NotZero(y)),
        _ => y < 0 ? (object)Floats(sign, x, y) : y <= 64 || x is 0 or 1 or -1 ? Value.Whole(Power(x, y)) : throw new TemplateFault("the number is larger than 64 bits hold"),
    };

    private static BigInteger Power(long x, long y) => BigInteger.Pow(x, y <= 64 ? (int)y : 2 + (int)(y % 2));

    private static long FloorDivide(long x, long y)
    {
        BigInteger quotient = BigInteger.DivRem(x, y, out var rest);
        return Value.Whole(!rest.IsZero && rest.Sign < 0 != y < 0 ? quotient - 1 : quotient);
    }

    // The remainder has the sign of the divisor. −1 is apart: the processor refuses the least number by it.
    private static long Modulo(long x, long y) => y == -1 ? 0 : x % y is var rest && rest != 0 && rest < 0 != y < 0 ? rest + y : x % y;

    private static double Floats(string sign, double x, double y) => sign switch
    {
        "+" => x + y,
        "-" => x - y,
        "*" => x * y,
        "/" => x / NotZero(y),
        "//" => Math.Floor(x / NotZero(y)),
        "%" => x % NotZero(y) is var rest && rest != 0 && rest < 0 != y < 0 ? rest + y : x % y,
        _ => Math.Pow(x, y),
    };

    private static double NotZero(double y) => y != 0 ? y : throw new TemplateFault("a division by zero");

    private static long NotZero(long y) => y != 0 ? y : throw new TemplateFault("a division by zero");

    private static object? Join(TemplateRun run, object? x, object? y)
    {
        if (x is string text && y is string other)
        {
            run.Charge((long)text.Length + other.Length);
            return text + other;
        }
        if (x is not List<object?> first || y is not List<object?> second || first is TemplateTuple != second is TemplateTuple) return null;
        run.Charge((long)first.Count + second.Count);
        return first is TemplateTuple ? new TemplateTuple([.. first, .. second]) : new List<object?>([.. first, .. second]);
    }

    private static object Repeat(TemplateRun run, object? value, long times)
    {
        times = Math.Max(0, times);
        long length = value switch
        {
            string text => text.Length,
            List<object?> list => list.Count,
            _ => throw new TemplateFault($"'*' has no meaning between a {Value.TypeName(value)} and a number"),
        };
        run.Charge(length > 0 && times > long.MaxValue / length ? long.MaxValue : length * times);
        if (length == 0) times = 0;
        if (value is string repeated) return new StringBuilder().Insert(0, repeated, (int)times).ToString();
        var items = Enumerable.Repeat((List<object?>)value!, (int)times).SelectMany(i => i);
        return value is TemplateTuple ? new TemplateTuple(items) : new List<object?>(items);
    }
}
