using System.CommandLine;
using System.Globalization;
using Sinter.Cli.Bench;
using Sinter.Cli.Shell;
using Sinter.Tensors;
using Sinter.Training;

namespace Sinter.Cli.Commands;

/// <summary><c>sinter bench matmul</c>.</summary>
internal static class BenchMatmulCommand
{
    private const long MostElements = 1 << 30;
    private static readonly string[] s_forms = ["forward", "input-gradient", "weight-gradient"];

    private static readonly Option<long> M = OptionParsing.Number("--m", "Rows of the result.", 1024L);
    private static readonly Option<long> N = OptionParsing.Number("--n", "Columns of the result.", 3072L);
    private static readonly Option<long> K = OptionParsing.Number("--k", "Numbers in each sum.", 768L);
    private static readonly Option<string> Form = OptionParsing.Choice("--form",
        "How the factors lie, as in a layer's products: [M,K]·[K,N], [M,K]·[N,K]ᵀ or [K,M]ᵀ·[K,N] [default: forward].", s_forms);
    private static readonly Option<string> Precisions = OptionParsing.Choice("--precision",
        "fp32, bf16, or both [default: both].", "both", "bf16", "fp32");
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<bool> Json =
        OptionParsing.Json("Print one object: m, n, k, form, gflops by precision (median), best by precision, threads, instruction_sets.");

    public static Command Create()
    {
        var command = new ExampleCommand("matmul", "Time one matrix product, float32 in and out, once its result was checked.",
            "sinter bench matmul --m 1024 --n 3072 --k 768 --json") { M, N, K, Form, Precisions, Threads, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        long m = Extent(parsed, M), n = Extent(parsed, N), k = Extent(parsed, K);
        if (Math.Max(m * n, Math.Max(m * k, n * k)) > MostElements)
            throw new UsageException($"--m {m} --n {n} --k {k}: a matrix would have more than {MostElements} numbers; give smaller ones.");
        string form = parsed.GetValue(Form) ?? s_forms[0], precisions = parsed.GetValue(Precisions) ?? "both";
        using var device = ModelLoading.Open(parsed.GetValue(Threads), "fp32");
        var bench = new MatmulBench(device, m, n, k, (ProductForm)Array.IndexOf(s_forms, form));
        var results = new List<Result>();
        foreach (var precision in (Precision[])[Precision.Float32, Precision.BFloat16])
        {
            if (precisions != "both" && precisions != PrecisionNames.Of(precision)) continue;
            Messages.Progress($"{PrecisionNames.Of(precision)}");
            var timings = bench.Run(precision);
            double operations = 2.0 * m * n * k / 1e9;
            results.Add(new Result(PrecisionNames.Of(precision), device.InstructionSet, operations / timings.Median, operations / timings.Best));
        }
        Messages.EndProgress();
        if (parsed.GetValue(Json)) Write(m, n, k, form, device.Workers.Count, results);
        else Show(results, device.Workers.Count);
        return ExitCode.Success;
    }

    private static long Extent(ParseResult parsed, Option<long> option)
    {
        long value = parsed.GetValue(option);
        return value is >= 1 and <= MostElements ? value
            : throw new UsageException($"{option.Name}: {value} is out of range; give 1 to {MostElements}.");
    }

    private static void Show(List<Result> results, int threads)
    {
        var fields = new Fields();
        foreach (var r in results)
            fields.Add(r.Precision,
                string.Create(CultureInfo.InvariantCulture, $"{r.Median:0.0} GFLOP/s (best {r.Best:0.0}), {r.InstructionSet}, {threads} threads"));
        fields.Write(StandardOutput.Open());
    }

    private static void Write(long m, long n, long k, string form, int threads, List<Result> results) => JsonOutput.Write(json =>
    {
        json.WriteNumber("m", m);
        json.WriteNumber("n", n);
        json.WriteNumber("k", k);
        json.WriteString("form", form);
        json.WriteStartObject("gflops");
        foreach (var r in results) json.WriteNumber(r.Precision, Math.Round(r.Median, 2));
        json.WriteEndObject();
        json.WriteStartObject("best");
        foreach (var r in results) json.WriteNumber(r.Precision, Math.Round(r.Best, 2));
        json.WriteEndObject();
        json.WriteNumber("threads", threads);
        json.WriteStartObject("instruction_sets");
        foreach (var r in results) json.WriteString(r.Precision, r.InstructionSet);
        json.WriteEndObject();
    });

    private sealed record Result(string Precision, string InstructionSet, double Median, double Best);
}
