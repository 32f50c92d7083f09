using System.Text.Json;
using Sinter.Text.Decoders;
using Sinter.Text.Json;
using Sinter.Text.Normalizers;
using Sinter.Text.PreTokenizers;

namespace Sinter.Tests.Text;

/// <summary>Normalizers, pre-tokenizers and decoders one by one beside Hugging Face's library.</summary>
public sealed class TokenizerPartTests
{
    private const string File = "parts.jsonl.gz";

    public static TheoryData<int> Parts => [.. Enumerable.Range(1, FamilyReferences.Lines(File).Length - 1)];

    [Theory]
    [MemberData(nameof(Parts))]
    public void A_part_does_what_the_reference_does(int number)
    {
        JsonElement line = FamilyReferences.Lines(File)[number];
        JsonNodeReader part = new("part", "", line.GetProperty("part"));
        string[] texts = FamilyReferences.Texts(File);
        int i = 0;
        foreach (JsonElement want in line.GetProperty("cases").EnumerateArray())
        {
            string got = line.GetProperty("kind").GetString() switch
            {
                "normalizer" => Normalize(NormalizerReader.Read(part), texts[i]),
                "pre_tokenizer" => Cut(PreTokenizerReader.Read(part), texts[i]),
                _ => string.Concat(DecoderReader.Read(part).Decode([.. want[0].EnumerateArray().Select(t => t.GetString()!)])),
            };
            string expected = line.GetProperty("kind").GetString() switch
            {
                "normalizer" => want.GetString()!,
                "pre_tokenizer" => string.Join(' ', want.EnumerateArray().Select(p => $"[{p[0]}]{p[1]}-{p[2]}")),
                _ => want[1].GetString()!,
            };
            Assert.True(expected == got, $"{line.GetProperty("part")}, text {i}:\nwant {expected}\ngot  {got}");
            i++;
        }
        Assert.True(i > 5);
    }

    private static string Normalize(INormalizer normalizer, string text)
    {
        NormalizedText normalized = NormalizedText.Of(text, aligned: false);
        normalizer.Normalize(normalized);
        return normalized.Text.ToString();
    }

    private static string Cut(IPreTokenizer preTokenizer, string text)
    {
        PieceList pieces = new();
        pieces.Add(new(NormalizedText.Of(text, aligned: true)));
        preTokenizer.Cut(pieces);
        return string.Join(' ', pieces.Pieces.Select(p =>
        {
            (int start, int end) = p.Text.Original(0, p.Text.Length);
            return $"[{p.Text.Text}]{start}-{end}";
        }));
    }
}
