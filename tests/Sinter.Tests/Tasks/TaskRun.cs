using System.Text.Json;
using Sinter.Recipes;
using Sinter.Tests.Training;

namespace Sinter.Tests.Tasks;

/// <summary>Runs of tasks on examples that take a second: words decide the label, and some words more than one.</summary>
internal sealed class TaskRun : IDisposable
{
    private static readonly string[] Words = ["alpha", "beta", "gamma"], Filler = ["the", "of", "a", "in", "to", "it"];

    public TaskRun(string name = "task") => Small = new SmallRun(name);

    public SmallRun Small { get; }

    /// <summary>Beside the recipe.</summary>
    public string this[string file] => Path.Combine(Path.GetDirectoryName(Small.Folder)!, file);

    /// <summary>Texts of three labels; the third is rare.</summary>
    public void WriteLabels(string file, int count, int seed = 1)
    {
        var random = new Random(seed);
        File.WriteAllLines(this[file], Enumerable.Range(0, count).Select(_ =>
        {
            int label = random.Next(10) is var r && r < 6 ? 0 : r < 9 ? 1 : 2;
            return JsonSerializer.Serialize(new { text = Text(random, [Words[label]]), label = Words[label][..1] });
        }));
    }

    /// <summary>Texts with any of three labels.</summary>
    public void WriteSets(string file, int count)
    {
        var random = new Random(2);
        File.WriteAllLines(this[file], Enumerable.Range(0, count).Select(_ =>
        {
            string[] has = [.. Words.Where(_ => random.Next(2) == 0)];
            return JsonSerializer.Serialize(new { text = Text(random, has), label = has.Select(w => w[..1]) });
        }));
    }

    /// <summary>Pairs of texts with a number: how many of the words are in them, and twice that.</summary>
    public void WriteNumbers(string file, int count)
    {
        var random = new Random(3);
        File.WriteAllLines(this[file], ["first,second,n,m", .. Enumerable.Range(0, count).Select(_ =>
        {
            string[] has = [.. Words.Where(_ => random.Next(2) == 0)];
            return $"{Text(random, has)},{Text(random, [])},{has.Length},{2 * has.Length}";
        })]);
    }

    public Recipe Recipe(string task, string architecture, string data, params string[] sets)
    {
        var recipe = Small.Parse($$"""
            name: {{Small.Name}}
            task: {{task}}
            data: { {{data}}, tokenizer: { kind: bpe, vocab_size: 300 }, validation_fraction: 0.25 }
            model: { architecture: {{architecture}}, num_layers: 1, num_heads: 2, hidden_size: 16, context_length: 48 }
            training: { max_steps: 60, batch_size: { name: tokens, size: 512 }, optimizer: { name: adamw, learning_rate: 0.01 }, schedule: { name: constant },
                eval_every: 20, save_every: 16, precision: fp32, threads: 2 }
            """, sets);
        return recipe;
    }

    public void Dispose() => Small.Dispose();

    private static string Text(Random random, string[] words)
    {
        string[] all = [.. words, .. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Filler[random.Next(Filler.Length)])];
        random.Shuffle(all);
        return string.Join(' ', all);
    }
}
