using System.CommandLine;
using Sinter.Cli.Bench;
using Sinter.Cli.Shell;
using Sinter.Monitoring;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter bench tokenizer</c>.</summary>
internal static class BenchTokenizerCommand
{
    private static readonly Argument<FileInfo> Text = new Argument<FileInfo>("TEXT") { Description = "A text file." }.AcceptExistingOnly();
    private static readonly Option<int> VocabSize = OptionParsing.Number("--vocab-size", "Tokens to learn, the 256 bytes included.", 4096);
    private static readonly Option<int> Runs = OptionParsing.Number("--runs", "Trainings and encodings to time, after one of each that warms up.", 5);
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<FileInfo?> Out = new("--out") { Description = "Write the tokenizer, for other programs to encode with.", HelpName = "FILE.json" };
    private static readonly Option<bool> Json = OptionParsing.Json(
        "Print one object: bytes, vocab_size, threads, train_seconds, encode_seconds (medians), megabytes_per_second, tokens, sha256 of the ids.");

    public static Command Create()
    {
        var command = new ExampleCommand("tokenizer", "Time the training of a byte-level byte-pair tokenizer on a text, and encoding that text in pieces of about 4,096 characters.",
            "sinter bench tokenizer corpus.txt", "sinter bench tokenizer corpus.txt --vocab-size 8192 --threads 1 --json") { Text, VocabSize, Runs, Threads, Out, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        int runs = parsed.GetValue(Runs), vocabSize = parsed.GetValue(VocabSize), threads = parsed.GetValue(Threads) is > 0 and var some ? some : Environment.ProcessorCount;
        if (runs < 1) throw new UsageException($"--runs: {runs} is out of range; give 1 or more.");
        var bench = new TokenizerBench(parsed.GetValue(Text)!.FullName, vocabSize);
        var (tokenizer, _) = bench.Train();
        bench.Encode(tokenizer, threads);
        Timings trainings = new(), encodings = new();
        for (int i = 0; i < runs; i++)
        {
            Messages.Progress($"run {i + 1}");
            trainings.Add(bench.Train().Time);
            encodings.Add(bench.Encode(tokenizer, threads));
        }
        Messages.EndProgress();
        if (parsed.GetValue(Out) is { } file) File.WriteAllBytes(file.FullName, tokenizer.ToJson());
        double megabytes = bench.Bytes / encodings.Median / 1e6;
        if (parsed.GetValue(Json)) JsonOutput.Write(json =>
        {
            json.WriteNumber("bytes", bench.Bytes);
            json.WriteNumber("vocab_size", tokenizer.VocabSize);
            json.WriteNumber("threads", threads);
            json.WriteNumber("train_seconds", trainings.Median);
            json.WriteNumber("encode_seconds", encodings.Median);
            json.WriteNumber("megabytes_per_second", megabytes);
            json.WriteNumber("tokens", bench.Tokens);
            json.WriteString("sha256", bench.Digest);
        });
        else
            new Fields()
                .Add("text", HumanFormat.Bytes(bench.Bytes))
                .Add("training", $"{HumanFormat.Number(trainings.Median)} s to {tokenizer.VocabSize} tokens (best {HumanFormat.Number(trainings.Best)} s)")
                .Add("encoding", $"{HumanFormat.Number(megabytes)} MB/s on {threads} threads, {bench.Tokens} tokens")
                .Write(StandardOutput.Open());
        return ExitCode.Success;
    }
}
