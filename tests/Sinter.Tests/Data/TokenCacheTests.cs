using System.Diagnostics;
using Sinter.Data;

namespace Sinter.Tests.Data;

public sealed class TokenCacheTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public TokenCacheTests() => _folder.File("a.txt", string.Concat(Enumerable.Repeat("some text to make tokens of\n", 300)));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_second_build_is_the_same_and_makes_nothing()
    {
        Steps freshSteps = new(), cachedSteps = new();
        using TokenCorpus fresh = Build(freshSteps);
        string file = CacheFile();
        byte[] content = File.ReadAllBytes(file);
        using TokenCorpus cached = Build(cachedSteps);
        Assert.Equal(["reading text", "training the tokenizer", "encoding"], freshSteps.Names);
        Assert.Equal(["reading text"], cachedSteps.Names);
        Assert.Equal(content, File.ReadAllBytes(file));
        Assert.Equal(fresh.ContentHash, cached.ContentHash);
        Assert.Equal(fresh.Tokenizer.ToJson(), cached.Tokenizer.ToJson());
        Assert.Equal(fresh.ValidationBytes, cached.ValidationBytes);
        Assert.Equal(Tokens(fresh), Tokens(cached));
    }

    [Fact]
    public void Content_and_settings_decide_the_key_and_names_do_not()
    {
        HashSet<string> hashes = [Hash(Corpora.Options("bpe", "a.txt"))];
        File.Copy(Path.Combine(_folder.Path, "a.txt"), Path.Combine(_folder.Path, "b.txt"));
        Assert.False(hashes.Add(Hash(Corpora.Options("bpe", "b.txt"))));
        Assert.True(hashes.Add(Hash(Corpora.Options("bytes", "a.txt"))));
        Assert.True(hashes.Add(Hash(Corpora.Options("characters", "a.txt"))));
        Assert.True(hashes.Add(Hash(new() { Text = ["a.txt"], Tokenizer = new() { VocabSize = 310 } })));
        Assert.True(hashes.Add(Hash(new() { Text = ["a.txt"], Tokenizer = new() { VocabSize = 300 }, ValidationFraction = 0.2 })));
        File.AppendAllText(Path.Combine(_folder.Path, "a.txt"), "x");
        Assert.True(hashes.Add(Hash(Corpora.Options("bpe", "a.txt"))));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("empty")]
    [InlineData("magic")]
    [InlineData("count")]
    [InlineData("tokenizer")]
    public void A_damaged_file_is_made_again(string damage)
    {
        int[] expected;
        using (TokenCorpus fresh = Build()) expected = Tokens(fresh);
        string file = CacheFile();
        byte[] content = File.ReadAllBytes(file);
        byte[] damaged = damage switch
        {
            "cut" => content[..^2],
            "longer" => [.. content, 0, 0],
            "empty" => [],
            _ => [.. content],
        };
        if (damage == "magic") damaged[0]++;
        if (damage == "count") damaged[8 + 8 * 2]++;
        if (damage == "tokenizer") damaged[TokenFileHeader.Size + 5]++;
        File.WriteAllBytes(file, damaged);
        using TokenCorpus again = Build();
        Assert.Equal(expected, Tokens(again));
        Assert.Equal(content, File.ReadAllBytes(file));
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_never_given_out()
    {
        Build().Dispose();
        string file = CacheFile();
        byte[] content = File.ReadAllBytes(file);
        TokenFileHeader header = TokenFileHeader.Read(content, content.Length)!.Value;
        content[header.TokensStart + (header.TrainTokens + header.ValidationTokens) * header.Width - 1] = 0xFF;
        File.WriteAllBytes(file, content);
        using TokenCorpus corpus = Build();
        Assert.Contains("delete the file", Assert.Throws<DataException>(() => Tokens(corpus)).Message);
    }

    [Fact]
    public void A_document_outside_the_tokens_is_never_given_out()
    {
        Build().Dispose();
        string file = CacheFile();
        byte[] content = File.ReadAllBytes(file);
        content[^1] = 0x7F;
        File.WriteAllBytes(file, content);
        using TokenCorpus corpus = Build();
        Assert.Contains("delete the file", Assert.Throws<DataException>(() => corpus.Validation.StartOfDocument(corpus.Validation.Documents - 1)).Message);
    }

    [Fact]
    public async Task Two_at_once_make_it_once()
    {
        TokenCache cache = Corpora.Cache(_folder);
        using TokenCorpus model = Build();
        byte[] content = File.ReadAllBytes(CacheFile());
        int written = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using TokenFile file = cache.GetOrAdd("other", Write, _ => { }, TestContext.Current.CancellationToken);
            Assert.Equal(model.Train.Length, file.Train.Length);
        })));
        Assert.Equal(1, written);

        void Write(FileStream file)
        {
            Interlocked.Increment(ref written);
            Thread.Sleep(200);
            file.Write(content);
        }
    }

    [Fact]
    public void A_writer_that_fails_or_is_cancelled_leaves_nothing()
    {
        TokenCache cache = Corpora.Cache(_folder);
        Assert.Throws<IOException>(() =>
            cache.GetOrAdd("k", f => { f.WriteByte(1); throw new IOException("disk full"); }, _ => { }, TestContext.Current.CancellationToken));
        Assert.Throws<OperationCanceledException>(() => CorpusBuilder.Build(Corpora.Options("bpe", "a.txt"), 0.1, null, cache, _folder.Path,
            new(null, null), new CancellationToken(canceled: true)));
        Assert.DoesNotContain(Directory.EnumerateFiles(cache.Folder), f => !f.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_not_used_for_longest_goes_first()
    {
        Build().Dispose();
        byte[] content = File.ReadAllBytes(CacheFile());
        TokenCache cache = new(Path.Combine(_folder.Path, "small"), limitBytes: 3 * content.Length);
        foreach (string key in (string[])["a", "b", "c"]) Add(key);
        foreach ((string key, int age) in ((string, int)[])[("a", 3), ("b", 2), ("c", 1)])
            File.SetLastWriteTimeUtc(Path.Combine(cache.Folder, key + ".tokens"), DateTime.UtcNow.AddHours(-age));
        Add("a");
        Add("d");
        Assert.Equal(["a", "c", "d"], Directory.EnumerateFiles(cache.Folder, "*.tokens").Select(f => Path.GetFileNameWithoutExtension(f)).Order());

        void Add(string key) => cache.GetOrAdd(key, f => f.Write(content), _ => { }, TestContext.Current.CancellationToken).Dispose();
    }

    [Fact]
    public void A_cache_that_cannot_be_written_costs_a_warning_only()
    {
        _folder.File("taken", "a file where the folder would be");
        List<string> warnings = [];
        TokenCache cache = new(Path.Combine(_folder.Path, "taken", "tokens"));
        TokenCorpus corpus = CorpusBuilder.Build(Corpora.Options("bytes", "a.txt"), 0.1, null, cache, _folder.Path,
            new(new ListLogger(warnings), null), TestContext.Current.CancellationToken);
        Assert.Equal(8400, corpus.Train.Length + corpus.Validation.Length);
        Assert.Contains("SINTER_CACHE", Assert.Single(warnings));
        string folder = Path.GetDirectoryName(corpus.FilePath)!;
        Assert.True(Directory.Exists(folder));
        corpus.Dispose();
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_lock_held_by_another_process_is_waited_for_and_gone_when_it_is_killed()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/flock")) Assert.Skip("needs the program flock");
        TokenCache cache = Corpora.Cache(_folder);
        Directory.CreateDirectory(cache.Folder);
        using Process other = Process.Start(new ProcessStartInfo("/usr/bin/flock",
            [Path.Combine(cache.Folder, "k.lock"), "sh", "-c", "echo held; exec sleep 60"]) { RedirectStandardOutput = true })!;
        Assert.Equal("held", other.StandardOutput.ReadLine());
        List<string> notes = [];
        using CancellationTokenSource soon = new(TimeSpan.FromMilliseconds(500));
        Assert.Throws<OperationCanceledException>(() => cache.GetOrAdd("k", _ => { }, notes.Add, soon.Token));
        Assert.Contains("waiting", Assert.Single(notes));
        other.Kill(entireProcessTree: true);
        other.WaitForExit();
        Build().Dispose();
        byte[] content = File.ReadAllBytes(CacheFile());
        cache.GetOrAdd("k", f => f.Write(content), notes.Add, TestContext.Current.CancellationToken).Dispose();
    }

    [Fact]
    public void The_folder_follows_the_environment()
    {
        Assert.EndsWith("tokens", TokenCache.Default.Folder);
        Assert.True(Path.IsPathRooted(CacheFolder.Path));
    }

    private TokenCorpus Build(Steps? steps = null) =>
        CorpusBuilder.Build(Corpora.Options("bpe", "a.txt"), 0.1, null, Corpora.Cache(_folder), _folder.Path, new(null, steps),
            TestContext.Current.CancellationToken);

    private sealed class Steps : IProgress<(string What, double? Done)>
    {
        public readonly List<string> Names = [];

        public void Report((string What, double? Done) value)
        {
            Assert.InRange(value.Done ?? 0, 0, 1);
            if (!Names.Contains(value.What)) Names.Add(value.What);
        }
    }

    private string Hash(DataOptions options)
    {
        using TokenCorpus corpus = Corpora.Build(_folder, options);
        return corpus.ContentHash;
    }

    private string CacheFile() => Assert.Single(Directory.EnumerateFiles(Corpora.Cache(_folder).Folder, "*.tokens"));

    private static int[] Tokens(TokenCorpus corpus) =>
        [.. corpus.Train.ToArray(0, (int)corpus.Train.Length), .. corpus.Validation.ToArray(0, (int)corpus.Validation.Length)];
}
