using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Sinter.Cli.Shell;

/// <summary>Options whose errors say what was expected.</summary>
internal static class OptionParsing
{
    /// <summary>A number with a default.</summary>
    public static Option<T> Number<T>(string name, string description, T value) where T : INumber<T> => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => value,
        CustomParser = Parse<T>,
    };

    /// <summary>A number that need not be given.</summary>
    public static Option<T?> OptionalNumber<T>(string name, string description) where T : struct, INumber<T> => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse<T>(result),
    };

    /// <summary>Token ids with commas between them.</summary>
    public static Option<int[]?> Tokens(string description) => new("--tokens")
    {
        Description = description,
        HelpName = "1,2,3",
        CustomParser = ParseTokens,
    };

    /// <summary>A flag for scripts.</summary>
    public static Option<bool> Json(string description) => new("--json") { Description = description };

    /// <summary>Threads.</summary>
    public static Option<int> Threads() => Number("--threads", "Threads; 0 is all processors.", 0);

    /// <summary>How matrix products multiply.</summary>
    public static Option<string> Precision() => new("--precision")
    {
        Description = "fp32, bf16, or auto: bf16 where the processor has it.",
        HelpName = "auto|bf16|fp32",
        DefaultValueFactory = _ => "fp32",
        CustomParser = ParsePrecision,
    };

    /// <summary>One of some words.</summary>
    public static Option<string> Choice(string name, string description, params string[] choices) => new(name)
    {
        Description = description,
        HelpName = string.Join('|', choices),
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!choices.Contains(text)) result.AddError($"{name}: '{text}' is none of {string.Join(", ", choices)}.");
            return text;
        },
    };

    private static string ParsePrecision(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text is not ("auto" or "bf16" or "fp32")) result.AddError($"--precision: '{text}' is none of auto, bf16 and fp32.");
        return text;
    }

    private static T Parse<T>(ArgumentResult result) where T : INumber<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)) return value;
        bool isWhole = T.Zero is IBinaryInteger<int> or IBinaryInteger<long> or IBinaryInteger<ulong>;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name}: '{text}' is no {(isWhole ? "whole number" : "number")} in range.");
        return T.Zero;
    }

    private static int[]? ParseTokens(ArgumentResult result)
    {
        string[] parts = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
        int[] ids = new int[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out ids[i])) continue;
            result.AddError($"--tokens: '{parts[i]}' is no token id; give ids with commas between them, such as 1,2,3.");
            return null;
        }
        return ids;
    }
}
