using System.Security.Cryptography;

namespace Sinter.Cli.Tests;

/// <summary>A folder with a text and a recipe that trains in a second.</summary>
internal sealed class Workspace : IDisposable
{
    public const string Recipe = """
        schema_version: 1
        data: { text: text.txt, tokenizer: { kind: characters } }
        model: { architecture: gpt2, num_layers: 2, num_heads: 2, hidden_size: 32, context_length: 16, dropout: 0.1 }
        training: { max_steps: 20, batch_size: 4, eval_every: 10, save_every: 5, threads: 2 }
        sample: { prompt: "The", max_new_tokens: 20 }
        """;

    public Workspace()
    {
        Folder = Directory.CreateTempSubdirectory("sinter-cli-").FullName;
        File.WriteAllText(this["text.txt"],
            string.Concat(Enumerable.Range(1, 300).Select(i => $"The quick brown fox {i} jumps over the lazy dog {i * i}.\n")));
        File.WriteAllText(this["recipe.yaml"], Recipe);
    }

    public string Folder { get; }

    public string this[string name] => Path.Combine(Folder, name);

    public CliResult Run(params string[] arguments) => Cli.Run(Folder, arguments);

    /// <summary>Name and hash of every file of a folder in here.</summary>
    public IReadOnlyList<string> Hashes(string folder) =>
        [.. Directory.EnumerateFiles(this[folder], "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => $"{Path.GetRelativePath(this[folder], f)} {Hash(f)} {File.GetLastWriteTimeUtc(f):O}")];

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    /// <summary>The folders of runs that lie about.</summary>
    public IReadOnlyList<string> Runs() => Directory.Exists(this["runs"]) ? Directory.GetDirectories(this["runs"]) : [];

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
