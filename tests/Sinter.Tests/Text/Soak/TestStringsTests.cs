using System.Globalization;
using System.Text;

namespace Sinter.Tests.Text.Soak;

public sealed class TestStringsTests
{
    [Fact]
    public void A_string_is_a_function_of_its_number()
    {
        // Digests of other runs are compared with these strings: a change of the generator is a change of all references made with it.
        Assert.Equal(TestStrings.At(17), TestStrings.At(17));
        Assert.True(Enumerable.Range(0, 1000).Select(TestStrings.At).Distinct().Count() > 900);
    }

    [Fact]
    public void Every_category_and_kind_is_there()
    {
        string[] texts = [.. Enumerable.Range(0, TestStrings.Count).Select(TestStrings.At)];
        HashSet<UnicodeCategory> categories = [];
        HashSet<int> blocks = [];
        foreach (Rune rune in texts.SelectMany(t => t.EnumerateRunes()))
        {
            categories.Add(Rune.GetUnicodeCategory(rune));
            blocks.Add(rune.Value >> 8);
        }
        Assert.Equal(Enum.GetValues<UnicodeCategory>().Except([UnicodeCategory.Surrogate]), categories.Order());
        Assert.True(Enumerable.Range(0, 0x200).Where(b => b is < 0xD8 or > 0xDF).All(blocks.Contains), "every block of 256 code points of the first two planes but the surrogates'");
        Assert.Contains("", texts);
        Assert.True(texts.Max(t => t.Length) > 1000);
        Assert.True(texts.Count(t => RandomText.WellFormed(t) != t) > 300, "unpaired surrogates");
        Assert.True(texts.Count(t => t.Contains('\u200D')) > 300, "joined emoji");
    }
}
