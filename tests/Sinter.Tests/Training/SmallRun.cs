using Sinter.Checkpoints.Runs;
using Sinter.Data;
using Sinter.Monitoring;
using Sinter.Recipes;
using Sinter.Training;

namespace Sinter.Tests.Training;

/// <summary>Runs of <see cref="Trainer"/> that take a second: a recipe and its text in a folder of their own.</summary>
internal sealed class SmallRun : IDisposable
{
    private readonly Sinter.Tests.Checkpoints.TempFolder _folder;

    // Tokens are cached by content in one place for the user: not from tests.
    static SmallRun()
    {
        string cache = Directory.CreateTempSubdirectory("sinter-cache-").FullName;
        Environment.SetEnvironmentVariable(CacheFolder.Variable, cache);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(cache, recursive: true);
    }

    public SmallRun(string name = "small")
    {
        _folder = new Sinter.Tests.Checkpoints.TempFolder("run");
        Name = name;
        File.WriteAllText(_folder["text.txt"], SmallLoop.Words(8000));
    }

    public string Name { get; }

    /// <summary>The folder of the run.</summary>
    public string Folder => _folder["run"];

    public List<TrainingEvent> Events { get; } = [];

    public IEnumerable<string> Warnings => Events.OfType<Warned>().Select(w => w.Message);

    public string this[string path] => Path.Combine(Folder, path);

    /// <summary>The steps of the checkpoints there are.</summary>
    public IEnumerable<long> Checkpoints => RunFolder.Checkpoints().Select(c => c.Step);

    public RunFolder RunFolder => RunFolder.Open(Folder);

    /// <summary>The figures of every line but those of the clock.</summary>
    public List<MetricsLine> Metrics => [.. MetricsLine.Read(this[MetricsLog.FileName]).Select(l => l with { TokensPerSecond = null, Seconds = null })];

    public byte[] Weights => File.ReadAllBytes(this["model/model.safetensors"]);

    public Recipe Recipe(params string[] sets) => RecipeReader.Parse($$"""
        name: {{Name}}
        data: { text: text.txt, tokenizer: { kind: characters }, validation_fraction: 0.2 }
        model: { architecture: gpt2, num_layers: 1, num_heads: 2, hidden_size: 16, context_length: 16, dropout: 0.1 }
        training: { max_steps: 30, batch_size: 3, gradient_accumulation: 2, optimizer: { name: adamw, learning_rate: 0.005 }, eval_every: 5,
            save_every: 8, keep: 2, eval_tokens: 200, precision: fp32, threads: 2 }
        sample: { max_new_tokens: 5 }
        """, _folder["recipe.yaml"], sets);

    /// <summary>A recipe of one's own.</summary>
    public Recipe Parse(string yaml, params string[] sets) => RecipeReader.Parse(yaml, _folder["recipe.yaml"], sets);

    /// <summary>Trains; <paramref name="stopAt"/> cancels when that step is done.</summary>
    public TrainingResult Train(Recipe? recipe, bool resume = false, long stopAt = -1, params ITrainingListener[] listeners)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var options = new TrainerOptions { RunFolder = Folder, Resume = resume };
        foreach (var listener in listeners) options.Listeners.Add(listener);
        options.Listeners.Add(new Listener(e =>
        {
            Events.Add(e);
            if (e is StepCompleted step && step.Step == stopAt) stop.Cancel();
        }));
        return Trainer.Train(recipe, options, stop.Token);
    }

    /// <summary>Every file with its content, but those of the clock: what may not change when nothing is to be done.</summary>
    public Dictionary<string, string> Snapshot() => Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(f => Path.GetFileName(f) != ".lock").ToDictionary(f => Path.GetRelativePath(Folder, f), Hash);

    public void Dispose() => _folder.Dispose();

    private static string Hash(string file) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));

    /// <summary>Hears events.</summary>
    public sealed class Listener(Action<TrainingEvent> on) : ITrainingListener
    {
        public void On(TrainingEvent e) => on(e);
    }
}
