using System.CommandLine;
using System.Globalization;
using Sinter.Cli.Bench;
using Sinter.Cli.Shell;
using Sinter.Monitoring.Profiles;
using Sinter.Tensors;
using Sinter.Tensors.Profiling;
using Sinter.Training;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter bench generate</c>.</summary>
internal static class BenchGenerateCommand
{
    private static readonly Option<int> PromptTokens = OptionParsing.Number("--prompt-tokens", "Tokens of the prompt.", 32);
    private static readonly Option<int> NewTokens = OptionParsing.Number("--new-tokens", "Tokens to make, 2 or more.", 128);
    private static readonly Option<int> Runs = OptionParsing.Number("--runs", "Generations to time, after one that warms up.", 5);
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<string> Precision = OptionParsing.Precision();
    private static readonly Option<bool> Json = OptionParsing.Json("Print one object: precision, prompt_tokens, new_tokens, "
        + "tokens_per_second (median), best, decode_tokens_per_second, prompt_seconds, weight_bytes, read_bytes_per_second, floor_tokens_per_second, "
        + "floor_reached, threads, instruction_set.");

    /// <summary>What was measured.</summary>
    /// <param name="TokensPerSecond">New tokens ÷ the seconds of a generation, the prompt included: the median.</param>
    /// <param name="Best">The same of the fastest generation.</param>
    /// <param name="Decode">Tokens after the first ÷ their seconds: the median.</param>
    /// <param name="PromptSeconds">Until the first token: the median.</param>
    /// <param name="ReadBandwidth">Bytes per second of a plain read of memory, before and after each run: the median.</param>
    /// <param name="Reached">Bytes of weights per second, as a share of that in the same run: the median.</param>
    private readonly record struct Figures(double TokensPerSecond, double Best, double Decode, double PromptSeconds, double ReadBandwidth,
        double Reached);

    public static Command Create()
    {
        var command = new ExampleCommand("generate",
            "Time greedy generation of GPT-2 124M with random weights, and compare with the time in which memory gives all weights once a token.",
            "sinter bench generate --precision bf16 --json") { PromptTokens, NewTokens, Runs, Threads, Precision, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        int prompt = parsed.GetValue(PromptTokens), tokens = parsed.GetValue(NewTokens), runs = parsed.GetValue(Runs);
        const int room = GenerateBench.ContextLength;
        if (prompt < 1) throw new UsageException($"--prompt-tokens: {prompt} is out of range; give 1 or more.");
        if (tokens < 2 || tokens > room - prompt)
            throw new UsageException($"--new-tokens: {tokens} is out of range; give 2 or more, and with the prompt {room} at most.");
        if (runs < 1) throw new UsageException($"--runs: {runs} is out of range; give 1 or more.");
        using var device = ModelLoading.Open(parsed.GetValue(Threads), parsed.GetValue(Precision)!);
        var bench = new GenerateBench(device, prompt, tokens);
        var figures = Measure(bench, device, tokens, runs);
        if (parsed.GetValue(Json)) Write(bench, device, prompt, tokens, figures);
        else Show(bench, device, prompt, tokens, figures);
        return ExitCode.Success;
    }

    private static Figures Measure(GenerateBench bench, CpuDevice device, int tokens, int runs)
    {
        bench.Run();
        Timings total = new(), first = new(), rest = new();
        var (bandwidth, reached) = (new List<double>(), new List<double>());
        double before = ReadBandwidth(device);
        for (int i = 0; i < runs; i++)
        {
            Messages.Progress($"generation {i + 1}");
            var (prompt, all) = bench.Run();
            double after = ReadBandwidth(device);
            total.Add(all);
            first.Add(prompt);
            rest.Add(all - prompt);
            // Others may be using the memory too, and change their minds.
            bandwidth.Add((before + after) / 2);
            reached.Add((tokens - 1) / (all - prompt).TotalSeconds * bench.WeightBytes / bandwidth[^1]);
            before = after;
        }
        Messages.EndProgress();
        return new Figures(tokens / total.Median, tokens / total.Best, (tokens - 1) / rest.Median, first.Median, Median(bandwidth), Median(reached));
    }

    private static double ReadBandwidth(CpuDevice device) => MachinePeaks.MeasureRead(device).AllThreads * 1e9;

    private static double Median(List<double> values)
    {
        values.Sort();
        return (values[values.Count / 2] + values[(values.Count - 1) / 2]) / 2;
    }

    private static void Show(GenerateBench bench, CpuDevice device, int prompt, int tokens, Figures f)
    {
        double floor = f.ReadBandwidth / bench.WeightBytes;
        var output = StandardOutput.Open();
        new Fields()
            .Add("model", $"GPT-2 124M, random weights, {prompt} tokens of prompt, {tokens} new ones, greedy")
            .Add("kernels", $"{device.InstructionSet}, {device.Workers.Count} threads")
            .Add("tokens per second", $"{Figure(f.TokensPerSecond)} (best {Figure(f.Best)}), {Figure(f.Decode)} after the first")
            .Add("first token", $"{Figure(f.PromptSeconds * 1e3)} ms")
            .Add("floor", $"{Figure(floor)} tokens per second: {Figure(bench.WeightBytes / 1e6)} MB of weights at "
                + $"{Figure(f.ReadBandwidth / 1e9)} GB/s; {Figure(100 * f.Reached)} % reached")
            .Write(output);
        // A generation of its own: the figures above are of those that nobody watched.
        device.Profile = new OpProfile();
        bench.Run();
        foreach (var table in (IEnumerable<string>[])[ProfileTables.Operations(device.Profile, peakGigabytes: f.ReadBandwidth / 1e9),
            ProfileTables.Products(device.Profile)])
        {
            output.WriteLine();
            foreach (string line in table) output.WriteLine(line);
        }
    }

    private static void Write(GenerateBench bench, CpuDevice device, int prompt, int tokens, Figures f) => JsonOutput.Write(json =>
    {
        json.WriteString("precision", PrecisionNames.Of(device.Precision));
        json.WriteNumber("prompt_tokens", prompt);
        json.WriteNumber("new_tokens", tokens);
        json.WriteNumber("tokens_per_second", Math.Round(f.TokensPerSecond, 2));
        json.WriteNumber("best", Math.Round(f.Best, 2));
        json.WriteNumber("decode_tokens_per_second", Math.Round(f.Decode, 2));
        json.WriteNumber("prompt_seconds", Math.Round(f.PromptSeconds, 4));
        json.WriteNumber("weight_bytes", bench.WeightBytes);
        json.WriteNumber("read_bytes_per_second", Math.Round(f.ReadBandwidth));
        json.WriteNumber("floor_tokens_per_second", Math.Round(f.ReadBandwidth / bench.WeightBytes, 2));
        json.WriteNumber("floor_reached", Math.Round(f.Reached, 3));
        json.WriteNumber("threads", device.Workers.Count);
        json.WriteString("instruction_set", device.InstructionSet);
    });

    private static string Figure(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
