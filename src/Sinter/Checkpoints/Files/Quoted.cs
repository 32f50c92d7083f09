using System.Text;

namespace Sinter.Checkpoints.Files;

/// <summary>Names out of files, made fit for a message.</summary>
internal static class Quoted
{
    private const int Longest = 120;

    /// <summary><paramref name="name"/> in single quotes; control characters are escaped (a file from elsewhere must not drive the terminal)
    /// and the middle of a long name is left out.</summary>
    public static string Name(string name) => $"'{Text(name)}'";

    /// <summary>As <see cref="Name"/>, without quotes.</summary>
    public static string Text(string name)
    {
        var text = new StringBuilder();
        string shown = name.Length <= Longest ? name : $"{name.AsSpan(0, Longest / 2)}…{name.AsSpan(name.Length - (Longest / 2))}";
        foreach (char c in shown)
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format)
                text.Append($"\\u{(int)c:x4}");
            else
                text.Append(c);
        }
        return text.ToString();
    }

    /// <summary>A shape as <c>[2, 3]</c>.</summary>
    public static string Shape(ReadOnlySpan<long> shape)
    {
        const int most = 12;
        string text = string.Join(", ", shape[..Math.Min(shape.Length, most)].ToArray());
        return shape.Length > most ? $"[{text}, … {shape.Length} dimensions]" : $"[{text}]";
    }
}
