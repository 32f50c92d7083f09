using System.Globalization;
using System.Text.Json;
using Sinter.Schedules;

namespace Sinter.Monitoring;

/// <summary>One line of <c>metrics.jsonl</c>; figures that the line does not have are null.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Tokens">Targets seen: tokens, or examples (<see cref="CountsExamples"/>).</param>
/// <param name="Loss">Nats per token.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="GradientNorm">Before clipping.</param>
/// <param name="TokensPerSecond">Of the step.</param>
/// <param name="Accuracy">Of the next token, in [0, 1].</param>
/// <param name="ValidationLoss">Nats per token.</param>
/// <param name="ValidationAccuracy">Of the next token, in [0, 1].</param>
public readonly record struct MetricsLine(long Step, long Tokens, double? Loss, double? LearningRate, double? GradientNorm, double? TokensPerSecond,
    double? Accuracy, double? ValidationLoss, double? ValidationAccuracy)
{
    private const string Validation = "validation_";

    /// <summary>Whether <see cref="Tokens"/> are examples, since texts are judged.</summary>
    public bool CountsExamples { get; init; }

    /// <summary>What the step took.</summary>
    public double? Seconds { get; init; }

    /// <summary>The norm after clipping ÷ the norm before.</summary>
    public double? ClipFactor { get; init; }

    /// <summary>The penalty on the weights.</summary>
    public double? Penalty { get; init; }

    /// <summary>What the task measured on the validation part beside loss and accuracy.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Metrics { get => field ?? []; init; }

    /// <summary>Whether the step was evaluated.</summary>
    public bool IsEvaluated => ValidationLoss is not null;

    /// <summary>
    /// Every whole line of <paramref name="path"/>, in order, also while a run writes it. Ends before the first line that is torn or no metrics.
    /// Members that this version does not know are passed over.
    /// </summary>
    public static IEnumerable<MetricsLine> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        var reader = new LineReader(stream);
        while (reader.Next())
        {
            if (!TryParse(reader.Line, out var line)) yield break;
            yield return line;
        }
    }

    /// <summary>Parses the bytes of one line, without its end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out MetricsLine line)
    {
        line = new MetricsLine(-1, 0, null, null, null, null, null, null, null);
        try
        {
            var json = new Utf8JsonReader(utf8);
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName) line = ReadMember(ref json, line);
            return json.TokenType == JsonTokenType.EndObject && !json.Read() && line.Step >= 0;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }

    private static MetricsLine ReadMember(ref Utf8JsonReader json, MetricsLine line)
    {
        if (json.ValueTextEquals("step"u8)) return line with { Step = Whole(ref json) };
        if (json.ValueTextEquals("tokens"u8)) return line with { Tokens = Whole(ref json) };
        if (json.ValueTextEquals("examples"u8)) return line with { Tokens = Whole(ref json), CountsExamples = true };
        if (json.ValueTextEquals("seconds"u8)) return line with { Seconds = Number(ref json) };
        if (json.ValueTextEquals("loss"u8)) return line with { Loss = Number(ref json) };
        if (json.ValueTextEquals("learning_rate"u8)) return line with { LearningRate = Number(ref json) };
        if (json.ValueTextEquals("gradient_norm"u8)) return line with { GradientNorm = Number(ref json) };
        if (json.ValueTextEquals("tokens_per_second"u8)) return line with { TokensPerSecond = Number(ref json) };
        if (json.ValueTextEquals("accuracy"u8)) return line with { Accuracy = Number(ref json) };
        if (json.ValueTextEquals("clip_factor"u8)) return line with { ClipFactor = Number(ref json) };
        if (json.ValueTextEquals("penalty"u8)) return line with { Penalty = Number(ref json) };
        if (json.ValueTextEquals("validation_loss"u8)) return line with { ValidationLoss = Number(ref json) };
        if (json.ValueTextEquals("validation_accuracy"u8)) return line with { ValidationAccuracy = Number(ref json) };
        if (json.GetString() is { } name && name.StartsWith(Validation, StringComparison.Ordinal) && MetricSet.Names.Contains(name))
            return line with { Metrics = [.. line.Metrics, new(name, Number(ref json))] };
        json.Skip();
        return line;
    }

    private static long Whole(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetInt64();
    }

    private static double Number(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String ? double.Parse(json.GetString()!, CultureInfo.InvariantCulture) : json.GetDouble();
    }

    /// <summary>Where the lines up to <paramref name="step"/> end in the file, and the last one's step (−1: there is none).</summary>
    internal static (long Length, long LastStep) Until(Stream stream, long step)
    {
        stream.Seek(0, SeekOrigin.Begin);
        var reader = new LineReader(stream);
        long length = 0, last = -1;
        while (reader.Next() && TryParse(reader.Line, out var line) && line.Step <= step)
        {
            length = reader.Position;
            last = line.Step;
        }
        return (length, last);
    }

    /// <summary>The last line of a file that ends in a whole one, else null.</summary>
    internal static MetricsLine? Last(Stream stream)
    {
        var tail = new byte[(int)Math.Min(stream.Length, 4096)];
        stream.Seek(-tail.Length, SeekOrigin.End);
        stream.ReadExactly(tail);
        if (tail[^1] != '\n') return null;
        var body = tail.AsSpan(0, tail.Length - 1);
        return TryParse(body[(body.LastIndexOf((byte)'\n') + 1)..], out var line) ? line : null;
    }
}
