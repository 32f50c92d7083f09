using System.Text;

namespace Sinter.Tests.Text.Soak;

/// <summary>
/// Strings that try tokenizers: all scripts and categories, marks, emoji, long runs, odd white space, controls, unpaired surrogates, texts of special
/// tokens, numbers, code. A string is a function of its number, and no table of the runtime has a part in it.
/// </summary>
internal static class TestStrings
{
    /// <summary>How many the soak takes.</summary>
    public const int Count = 20_000;

    private static readonly string Trained = TokenizerReferences.TrainingText();

    /// <summary>The string of a number.</summary>
    public static string At(int number)
    {
        SplitMix random = new((ulong)number * 0xD1342543DE82EF95 + 20);
        StringBuilder text = new();
        int pieces = random.Next(20) switch { 0 => random.Next(0, 1), 1 => random.Next(30, 90), < 8 => random.Next(1, 3), _ => random.Next(2, 14) };
        for (int i = 0; i < pieces; i++) Add(text, ref random);
        return text.ToString();
    }

    private static void Add(StringBuilder text, ref SplitMix random)
    {
        switch (random.Next(24))
        {
            case 0 or 1 or 2: Letters(text, ref random, Alphabets.Scripts, random.Next(1, 8)); break;
            case 3: Anything(text, ref random, random.Next(1, 5)); break;
            case 4: Combined(text, ref random); break;
            case 5: Emoji(text, ref random); break;
            case 6 when random.Next(3) == 0: Run(text, ref random); break;
            case 7 or 8 or 9: text.Append(random.Of<string>(Alphabets.Spaces)); break;
            case 10: Letters(text, ref random, Alphabets.Controls, random.Next(1, 3)); break;
            case 11 when random.Next(3) == 0: text.Append((char)random.Next(0xD800, 0xDFFF)); break;
            case 12: text.Append(random.Of<string>(Alphabets.Specials)); break;
            case 13: Letters(text, ref random, Alphabets.Numbers, random.Next(1, 12)); break;
            case 14 or 15: text.Append(random.Of<string>(Alphabets.Code)); break;
            case 16: Letters(text, ref random, Alphabets.Signs, random.Next(1, 5)); break;
            case 17: text.Append(random.Of<string>(Alphabets.Unstable)); break;
            case 18: Mixed(text, ref random); break;
            case 19 or 20:
                int start = random.Next(Trained.Length - 60);
                text.Append(Trained, start, random.Next(1, 60));
                break;
            default: text.Append(random.Of<string>(Alphabets.Words)).Append(random.Next(2) == 0 ? " " : ""); break;
        }
    }

    /// <summary>Some of one range: a word of one script.</summary>
    private static void Letters(StringBuilder text, ref SplitMix random, (int First, int Last)[] ranges, int count)
    {
        (int first, int last) = random.Of<(int First, int Last)>(ranges);
        for (int i = 0; i < count; i++) Append(text, random.Next(first, last));
    }

    /// <summary>Each of another range.</summary>
    private static void Mixed(StringBuilder text, ref SplitMix random)
    {
        for (int i = random.Next(2, 10); i > 0; i--)
        {
            (int First, int Last)[] ranges = random.Next(4) switch
            {
                0 => Alphabets.Signs, 1 => Alphabets.Numbers, 2 => Alphabets.Marks, _ => Alphabets.Scripts,
            };
            Letters(text, ref random, ranges, 1);
        }
    }

    private static void Anything(StringBuilder text, ref SplitMix random, int count)
    {
        for (int i = 0; i < count; i++)
            Append(text, random.Next(4) switch { 0 => random.Next(0x110000), 1 => random.Next(0x10000, 0x1FFFF), _ => random.Next(0x10000) });
    }

    private static void Combined(StringBuilder text, ref SplitMix random)
    {
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            Letters(text, ref random, random.Next(4) == 0 ? Alphabets.Signs : Alphabets.Scripts, 1);
            for (int marks = random.Next(1, 4); marks > 0; marks--) Letters(text, ref random, Alphabets.Marks, 1);
        }
    }

    private static void Emoji(StringBuilder text, ref SplitMix random)
    {
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            Letters(text, ref random, Alphabets.Pictures, 1);
            if (random.Next(3) == 0) Append(text, random.Next(0x1F3FB, 0x1F3FF));
            if (random.Next(3) == 0) Append(text, 0xFE0F);
            if (random.Next(8) == 0) Append(text, 0x20E3);
            if (i > 1 && random.Next(3) > 0) Append(text, 0x200D);
        }
    }

    private static void Run(StringBuilder text, ref SplitMix random)
    {
        StringBuilder unit = new();
        Add(unit, ref random);
        int units = unit.Length > 1 && char.IsSurrogatePair(unit[0], unit[1]) ? 2 : 1;
        string one = unit.Length == 0 ? " " : unit.ToString(0, random.Next(4) == 0 ? unit.Length : units);
        for (int i = random.Next(2, random.Next(10, 300)); i > 0; i--) text.Append(one);
    }

    private static void Append(StringBuilder text, int codePoint)
    {
        if (codePoint < 0x10000) text.Append((char)codePoint);
        else text.Append(char.ConvertFromUtf32(codePoint));
    }
}
