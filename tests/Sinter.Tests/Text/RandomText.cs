using System.Text;

namespace Sinter.Tests.Text;

/// <summary>Texts of every kind of character, unpaired surrogates included.</summary>
internal static class RandomText
{
    public static string Next(Random random, int pieces)
    {
        StringBuilder text = new();
        for (int i = 0; i < pieces; i++)
        {
            _ = random.Next(8) switch
            {
                0 => text.Append((char)random.Next(0x80)),
                1 => text.Append((char)random.Next(0x80, 0x800)),
                2 => text.Append((char)random.Next(0x800, 0x10000)),
                3 => text.Append(char.ConvertFromUtf32(random.Next(0x10000, 0x110000))),
                4 => text.Append((char)random.Next(0xD800, 0xE000)),
                5 => text.Append(' ', random.Next(4)),
                6 => text.Append("the "),
                _ => text.Append((char)random.Next('a', 'z' + 1)),
            };
        }
        return text.ToString();
    }

    /// <summary>The text with each unpaired surrogate as U+FFFD: what a round trip gives.</summary>
    public static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
