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
    private const double WarmSeconds = 0.5;   // by then the runtime has compiled the kernels' callers for good
    private static readonly string[] s_forms = ["forward", "input-gradient", "weight-gradient"];

    private static readonly Option<long> M = OptionParsing.Number("--m", "Rows of the result.", 1024L);
    private static readonly Option<long> N = OptionParsing.Number("--n", "Columns of the result.", 3072L);
    private static readonly Option<long> K = OptionParsing.Number("--k", "Numbers in each sum.", 768L);
    private static readonly Option<string> Form = OptionParsing.Choice("--form",
        "How the factors lie, as in a layer's products: [M,K]·[K,N], [M,K]·[N,K]ᵀ or [K,M]ᵀ·[K,N] [default: forward].", s_forms);
    private static readonly Option<string> Precisions = OptionParsing.Choice("--precision",
        "fp32, bf16, or both [default: both].", "both", "bf16", "fp32");
    private static readonly Option<double> Seconds = OptionParsing.Number("--seconds", "For how long each product is timed, ten runs at least.", 0.5);
    private static readonly Option<string?> List = new("--list")
    {
        Description = "Time many products: a file with lines of M, N, K and form, or - for standard input, where each is timed as it comes. Prints an object a line, with --json.",
        HelpName = "FILE",
    };
    private static readonly Option<int> Threads = OptionParsing.Threads();
    private static readonly Option<bool> Json =
        OptionParsing.Json("Print one object: m, n, k, form, gflops by precision (median), best by precision, threads, instruction_sets.");

    public static Command Create()
    {
        var command = new ExampleCommand("matmul", "Time one matrix product, float32 in and out, once its result was checked.",
            "sinter bench matmul --m 1024 --n 3072 --k 768 --json") { M, N, K, Form, Precisions, Seconds, List, Threads, Json };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        double warm = WarmSeconds;
        var products = Products(parsed);
        using var device = ModelLoading.Open(parsed.GetValue(Threads), "fp32");
        foreach (var product in products)
        {
            var results = Time(parsed, device, product, ref warm);
            Messages.EndProgress();
            if (parsed.GetValue(Json)) Write(product, device.Workers.Count, results);
            else Show(product, parsed.GetValue(List) is not null, results, device.Workers.Count);
        }
        return ExitCode.Success;
    }

    private static List<Result> Time(ParseResult parsed, CpuDevice device, Product product, ref double warm)
    {
        var (m, n, k, form) = product;
        string precisions = parsed.GetValue(Precisions) ?? "both";
        var bench = new MatmulBench(device, m, n, k, (ProductForm)Array.IndexOf(s_forms, form), parsed.GetValue(Seconds));
        var results = new List<Result>();
        foreach (var precision in (Precision[])[Precision.Float32, Precision.BFloat16])
        {
            if (precisions != "both" && precisions != PrecisionNames.Of(precision)) continue;
            Messages.Progress($"{m} x {n} x {k} {form}, {PrecisionNames.Of(precision)}");
            var timings = bench.Run(precision, warm);
            double operations = 2.0 * m * n * k / 1e9;
            results.Add(new Result(PrecisionNames.Of(precision), device.InstructionSet, operations / timings.Median, operations / timings.Best));
        }
        warm = 0;
        return results;
    }

    private static IEnumerable<Product> Products(ParseResult parsed)
    {
        if (parsed.GetValue(List) is not { } file)
            return [Checked(new Product(Extent(parsed, M), Extent(parsed, N), Extent(parsed, K), parsed.GetValue(Form) ?? s_forms[0]))];
        if (file == "-") return Listed(InputLines(), "standard input");
        if (!File.Exists(file)) throw new UsageException($"--list: there is no file {file}.");
        return [.. Listed(File.ReadLines(file), file)];
    }

    private static IEnumerable<string> InputLines()
    {
        while (Console.In.ReadLine() is { } line) yield return line;
    }

    private static IEnumerable<Product> Listed(IEnumerable<string> lines, string where) =>
        lines.Where(line => line.Trim() != "").Select((line, i) => Checked(Parse(line, $"{where}, product {i + 1}")));

    private static Product Parse(string line, string where)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var extents = words.Take(3).Select(w => long.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out long x) && x is >= 1 and <= MostElements ? x : 0).ToArray();
        return words.Length == 4 && !extents.Contains(0) && s_forms.Contains(words[3]) ? new Product(extents[0], extents[1], extents[2], words[3])
            : throw new UsageException($"{where}: '{line}' is not M, N, K and one of {string.Join(", ", s_forms)}.");
    }

    private static Product Checked(Product x) => Math.Max(x.M * x.N, Math.Max(x.M * x.K, x.N * x.K)) <= MostElements ? x
        : throw new UsageException($"--m {x.M} --n {x.N} --k {x.K}: a matrix would have more than {MostElements} numbers; give smaller ones.");

    private static long Extent(ParseResult parsed, Option<long> option)
    {
        long value = parsed.GetValue(option);
        return value is >= 1 and <= MostElements ? value
            : throw new UsageException($"{option.Name}: {value} is out of range; give 1 to {MostElements}.");
    }

    private static void Show(Product product, bool isListed, List<Result> results, int threads)
    {
        var fields = new Fields();
        if (isListed) fields.Add("product", $"{product.M} x {product.N} x {product.K} {product.Form}");
        foreach (var r in results)
            fields.Add(r.Precision,
                string.Create(CultureInfo.InvariantCulture, $"{r.Median:0.0} GFLOP/s (best {r.Best:0.0}), {r.InstructionSet}, {threads} threads"));
        fields.Write(StandardOutput.Open());
    }

    private static void Write(Product product, int threads, List<Result> results) => JsonOutput.Write(json =>
    {
        json.WriteNumber("m", product.M);
        json.WriteNumber("n", product.N);
        json.WriteNumber("k", product.K);
        json.WriteString("form", product.Form);
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

    private sealed record Product(long M, long N, long K, string Form);

    private sealed record Result(string Precision, string InstructionSet, double Median, double Best);
}
