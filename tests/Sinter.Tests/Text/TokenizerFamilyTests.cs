using System.Text;
using System.Text.Json;
using Sinter.Text;

namespace Sinter.Tests.Text;

/// <summary>Tokenizers of the families of models beside Hugging Face's library: ids, places, pairs, decoded texts.</summary>
public sealed class TokenizerFamilyTests
{
    private const string File = "families.jsonl.gz";

    public static TheoryData<string> Families => [.. FamilyReferences.Lines(File).Skip(1).Select(l => l.GetProperty("family").GetString()!)];

    [Theory]
    [MemberData(nameof(Families))]
    public void All_is_as_in_the_reference(string family)
    {
        (ITokenizer tokenizer, JsonElement[] cases) = Read(family);
        string[] texts = FamilyReferences.Texts(File);
        Assert.Equal(texts.Length, cases.Length);
        for (int i = 0; i < texts.Length; i++)
        {
            JsonElement[] want = [.. cases[i].EnumerateArray()];
            TokenEncoding full = tokenizer.Encode(texts[i], addSpecialTokens: true);
            Check(want[0], want[1], full, texts[i]);
            Assert.Equal(want[2].Ints(), tokenizer.Encode(texts[i], addSpecialTokens: false).Ids);
            Assert.Equal(want[3].GetString() ?? texts[i], tokenizer.Decode([.. full.Ids], skipSpecialTokens: false));
            Assert.Equal(want[4].GetString() ?? texts[i], tokenizer.Decode([.. full.Ids], skipSpecialTokens: true));
            if (want.Length == 5) continue;
            TokenEncoding pair = tokenizer.Encode(texts[i], addSpecialTokens: true, texts[(i + 1) % texts.Length]);
            Check(want[5], want[6], pair, texts[i]);
            Assert.Equal(want[7].Ints(), pair.TypeIds);
            Assert.Equal(want[8].GetString(), Digits(pair.SpecialTokensMask));
            Assert.Equal(want[9].GetString(), Digits(pair.AttentionMask));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_plain_stream_has_the_ids_without_special_tokens(string family)
    {
        (ITokenizer tokenizer, JsonElement[] cases) = Read(family);
        string[] texts = FamilyReferences.Texts(File);
        for (int i = 0; i < texts.Length; i++)
        {
            int[] want = cases[i][2].Ints(), got = tokenizer.Encode(texts[i]);
            // What a file cuts off and fills up is no part of a stream.
            if (family == "distilbert") Assert.Equal(want.Where(id => id != 0).ToArray(), got[^Math.Min(got.Length, 21)..]);
            else if (family == "roberta") Assert.Equal(want.Where(id => id != 1).ToArray(), got[..Math.Min(got.Length, 24)]);
            else Assert.Equal(want, got);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_file_is_kept(string family)
    {
        (ITokenizer tokenizer, _) = Read(family);
        Assert.Equal(FileOf(family), tokenizer.ToJson());
        Assert.Equal(tokenizer.Encode("the 12 things"), Tokenizers.Read(tokenizer.ToJson()).Encode("the 12 things"));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_stream_of_ids_gives_the_whole_text(string family)
    {
        (ITokenizer tokenizer, _) = Read(family);
        foreach (string text in FamilyReferences.Texts(File))
        {
            int[] ids = tokenizer.Encode(text);
            StreamingDecoder decoder = new(tokenizer);
            string streamed = string.Concat(ids.Select(decoder.Append)) + decoder.Finish(), whole = tokenizer.Decode(ids, skipSpecialTokens: false);
            Assert.Equal(whole, streamed);
            for (int cut = 1; cut < ids.Length; cut += 3)
            {
                string before = tokenizer.Decode(ids.AsSpan(0, cut), skipSpecialTokens: false);
                if (!before.EndsWith('\uFFFD')) Assert.Equal(whole, before + tokenizer.DecodeAfter(ids.AsSpan(0, cut), ids.AsSpan(cut)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Long_runs_take_little_time(string family)
    {
        (ITokenizer tokenizer, _) = Read(family);
        foreach (string run in (string[])["a", " ", "\n", "\u0301", "漢", "😀", "1", "!", "A", " a", "<", "e\u0301", "'", "\u00AD"])
        {
            string text = string.Concat(Enumerable.Repeat(run, 100_000 / run.Length));
            var watch = System.Diagnostics.Stopwatch.StartNew();
            List<int> ids = [];
            tokenizer.Encode(text, ids);
            // What is quadratic takes minutes.
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{run}: {watch.Elapsed}");
        }
    }

    private static byte[] FileOf(string family) => Encoding.UTF8.GetBytes(Line(family).GetProperty("file").GetString()!);

    private static (ITokenizer Tokenizer, JsonElement[] Cases) Read(string family) =>
        (Tokenizers.Read(FileOf(family), family), [.. Line(family).GetProperty("cases").EnumerateArray()]);

    private static JsonElement Line(string family) => FamilyReferences.Lines(File).Skip(1).Single(l => l.GetProperty("family").GetString() == family);

    private static string Digits(IEnumerable<bool> mask) => string.Concat(mask.Select(m => m ? '1' : '0'));

    private static void Check(JsonElement ids, JsonElement places, TokenEncoding got, string text)
    {
        Assert.True(ids.Ints().SequenceEqual(got.Ids), $"\"{text}\": want {ids}, got {string.Join(',', got.Ids)}");
        List<int> found = [];
        int last = 0;
        foreach ((int start, int end) in got.Offsets)
        {
            found.AddRange([start - last, end - start]);
            last = end;
        }
        Assert.True(places.Ints().SequenceEqual(found), $"\"{text}\": want {places}, got {string.Join(',', found)}");
    }
}
