using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sinter.Text;

namespace Sinter.Tests.Text.Soak;

/// <summary>
/// Compares tokenizers of all families with Hugging Face's library over <see cref="TestStrings"/>: scripts/tokenizer-soak runs the tests, with
/// References/tokenizers/soak.py after the first.
/// </summary>
public sealed class TokenizerSoakTests
{
    private const string Variable = "SINTER_TOKENIZER_SOAK";
    private const int MostShown = 10;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact(Explicit = true)]
    public void Write_strings() =>
        File.WriteAllLines(Path.Combine(Folder(), "strings.jsonl"), Enumerable.Range(0, TestStrings.Count)
            .Select(n => JsonSerializer.Serialize(RandomText.WellFormed(TestStrings.At(n)), Plain)));

    [Fact(Explicit = true)]
    public void Compare()
    {
        string folder = Folder();
        string[] strings = [.. Enumerable.Range(0, TestStrings.Count).Select(TestStrings.At)];
        List<string> wrong = [];
        int families = 0, failed = 0;
        foreach (string digests in Directory.GetFiles(Path.Combine(folder, "digests")).Order())
        {
            string family = Path.GetFileName(digests);
            ITokenizer tokenizer = Tokenizers.Read(File.ReadAllBytes(Path.Combine(folder, "families", family + ".json")), family);
            string[] expected = File.ReadAllLines(digests), found = new string[strings.Length];
            Assert.Equal(strings.Length, expected.Length);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            Parallel.For(0, strings.Length, n => found[n] = Canonical(tokenizer, strings[n], strings[(n + 1) % strings.Length]));
            int[] differing = [.. Enumerable.Range(0, strings.Length).Where(n => Digest(found[n]) != expected[n])];
            wrong.AddRange(differing.Take(MostShown).Select(n => JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["family"] = family, ["number"] = n, ["found"] = found[n],
            })));
            TestContext.Current.TestOutputHelper!.WriteLine($"{family}: {differing.Length} of {strings.Length} differ ({watch.Elapsed.TotalSeconds:0.0} s)");
            families++;
            failed += differing.Length;
        }
        File.WriteAllLines(Path.Combine(folder, "wrong.jsonl"), wrong);
        Assert.True(families > 0, "there are no digests");
        Assert.True(failed == 0, $"{failed} strings differ; the first ones are in wrong.jsonl");
    }

    /// <summary>A megabyte of one character, encoded with places and decoded again, in less than a second each.</summary>
    [Fact(Explicit = true)]
    public void Long_runs()
    {
        string[] units = ["a", "A", "0", " ", "\n", "\t", "'", "<", "\0", "é", "ß", "İ", "\u0301", "\u0345", "\u1100", "\u1161", "가", "中", "\u3099", "ﷺ", "▁", "\u00a0",
            "\u200b", "\u200d", "\ufeff", "\ufffd", "\ud800", "😀", "👍🏽", "\U000E0001", "e\u0301", "ab", "a ", "<s>", "[MASK]", "<0x41>", "don't "];
        List<string> slow = [];
        foreach (string path in Directory.GetFiles(Path.Combine(Folder(), "families")).Order())
        {
            ITokenizer tokenizer = Tokenizers.Read(path);
            (double Seconds, string Unit) longest = default;
            foreach (string unit in units)
            {
                // Normalizers make 18 characters of one of these.
                string text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / (unit == "ﷺ" ? 18 : unit.Length)));
                var watch = System.Diagnostics.Stopwatch.StartNew();
                TokenEncoding tokens = tokenizer.Encode(text, addSpecialTokens: true);
                _ = tokenizer.Decode([.. tokens.Ids], skipSpecialTokens: false);
                if (watch.Elapsed.TotalSeconds > longest.Seconds) longest = (watch.Elapsed.TotalSeconds, unit);
                if (watch.Elapsed.TotalSeconds > 1) slow.Add($"{Path.GetFileNameWithoutExtension(path)}: {JsonSerializer.Serialize(unit)} {watch.Elapsed.TotalSeconds:0.0} s");
            }
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{Path.GetFileNameWithoutExtension(path)}: at most {longest.Seconds:0.00} s, for {JsonSerializer.Serialize(longest.Unit)}");
        }
        Assert.True(slow.Count == 0, string.Join(Environment.NewLine, slow));
    }

    /// <summary>Ids and places of the text alone, of what a model gets, and of a pair; and the text that ids become.</summary>
    private static string Canonical(ITokenizer tokenizer, string text, string then)
    {
        TokenEncoding full = tokenizer.Encode(text, addSpecialTokens: true), pair = tokenizer.Encode(text, addSpecialTokens: true, then);
        int[] ids = [.. full.Ids];
        return string.Join('\n', Show(tokenizer.Encode(text, addSpecialTokens: false)), Show(full), Show(pair) + "|" + string.Join(',', pair.TypeIds),
            tokenizer.Decode(ids, skipSpecialTokens: false), tokenizer.Decode(ids, skipSpecialTokens: true));
    }

    private static string Show(TokenEncoding tokens) =>
        $"{string.Join(',', tokens.Ids)}|{string.Join(',', tokens.Offsets.Select(o => $"{o.Start}-{o.End}"))}";

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];

    private static string Folder()
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(folder is null, $"{Variable} does not name a folder.");
        return Directory.CreateDirectory(folder!).FullName;
    }
}
