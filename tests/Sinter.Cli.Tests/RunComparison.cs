using System.Text.Json.Nodes;

namespace Sinter.Cli.Tests;

/// <summary>Compares two runs bit for bit.</summary>
internal static class RunComparison
{
    /// <summary>Same weights, same figures of every step; only speeds may differ.</summary>
    public static void AssertSame(string whole, string resumed)
    {
        Assert.Equal(Metrics(whole), Metrics(resumed));
        foreach (string file in (string[])["model.safetensors", "config.json", "tokenizer.json"])
        {
            byte[] want = File.ReadAllBytes(Path.Combine(whole, "model", file)), got = File.ReadAllBytes(Path.Combine(resumed, "model", file));
            Assert.True(want.AsSpan().SequenceEqual(got), $"model/{file} differs");
        }
    }

    private static List<string> Metrics(string run) => [.. File.ReadLines(Path.Combine(run, "metrics.jsonl")).Select(line =>
    {
        var json = JsonNode.Parse(line)!.AsObject();
        json.Remove("tokens_per_second");
        json.Remove("seconds");
        return json.ToJsonString();
    })];
}
