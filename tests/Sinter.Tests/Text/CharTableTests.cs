using System.Text;
using Sinter.Text.Characters;
using Sinter.Text.Patterns;

namespace Sinter.Tests.Text;

public sealed class CharTableTests
{
    [Fact]
    public void Patterns_and_the_runtime_know_the_same_letters_numbers_and_spaces()
    {
        char[] units = new char[2];
        for (int c = 0; c < 0x110000; c++)
        {
            if (c is >= 0xD800 and < 0xE000) continue;
            CharClass expected = CharTable.Is(c, CharFlags.Letter) ? CharClass.Letter : CharTable.Is(c, CharFlags.Number) ? CharClass.Number
                : CharTable.Is(c, CharFlags.Space) ? CharClass.Space : CharClass.Other;
            int length = new Rune(c).EncodeToUtf16(units);
            Assert.True(expected == CharClasses.At(units.AsSpan(0, length), 0, out _), $"U+{c:X}");
        }
    }

    [Fact]
    public void White_space_lies_in_the_basic_plane()
    {
        for (int c = 0x10000; c < 0x110000; c++) Assert.False(CharTable.Is(c, CharFlags.White | CharFlags.Space), $"U+{c:X}");
    }

    [Fact]
    public void Unpaired_surrogates_are_replaced()
    {
        Assert.Equal("a\uFFFD\uFFFDb\U0001F600\uFFFD", CodePoints.WellFormed("a\uD83D\uD83Db\U0001F600\uDE00").ToString());
        Assert.Equal("", CodePoints.WellFormed("").ToString());
    }

    [Fact]
    public void What_is_seen_to_be_composed_is_its_own_composition()
    {
        Random random = new(5);
        int kept = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = RandomText.WellFormed(RandomText.Next(random, 1 + random.Next(3)));
            if (!NormalForm.IsComposed(text)) continue;
            kept++;
            List<TextChange> composed = NormalForm.Compose(NormalForm.Decompose(text, compatibility: false));
            Assert.Equal(text, string.Concat(composed.Select(c => char.ConvertFromUtf32(c.CodePoint))));
        }
        Assert.True(kept > 1000);
        Assert.False(NormalForm.IsComposed("e\u0301"));
        Assert.False(NormalForm.IsComposed("\u1100\u1161"));
        Assert.False(NormalForm.IsComposed("\u212B"));
        Assert.True(NormalForm.IsComposed("\u00E9\u2019\u6F22\uAC00"));
    }
}
