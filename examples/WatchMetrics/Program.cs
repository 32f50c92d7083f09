// Trains with the figures published through System.Diagnostics.Metrics, and listens to them as an exporter (OpenTelemetry, dotnet-counters) would:
//
//     dotnet run -c Release --project examples/WatchMetrics -- FILE [STEPS]
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Sinter;
using Sinter.Monitoring;
using Sinter.Recipes;

var newest = new ConcurrentDictionary<string, double>();
using var listener = new MeterListener();
listener.InstrumentPublished = (instrument, l) =>
{
    if (instrument.Meter.Name == SinterMeter.MeterName) l.EnableMeasurementEvents(instrument);
};
listener.SetMeasurementEventCallback<double>((instrument, value, tags, state) => newest[instrument.Name] = value);
listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) =>
    newest.AddOrUpdate(instrument.Name, value, (_, before) => instrument is Counter<long> ? before + value : value));
listener.Start();

using var meter = new SinterMeter();
var recipe = new Recipe
{
    Name = "watched",
    Data = { Text = [args.Length > 0 ? args[0] : "sdk-docs"], Tokenizer = { Kind = "bytes" } },
    Training = { MaxSteps = args.Length > 1 ? long.Parse(args[1]) : 200, EvalTokens = 16_384 },
};
TrainingResult result = Trainer.Train(recipe, new TrainerOptions { Listeners = { meter } });
foreach (var (name, value) in newest.OrderBy(m => m.Key, StringComparer.Ordinal)) Console.WriteLine($"{name,-34} {value:G6}");
Console.WriteLine($"run in {result.RunFolder}");
