// Trains a small GPT on a text and lets it write:   dotnet run -c Release --project examples/TrainFromCode -- FILE [STEPS]
using Microsoft.Extensions.Logging;
using Sinter;
using Sinter.Checkpoints;
using Sinter.Generation;
using Sinter.Monitoring;
using Sinter.Optimizers;
using Sinter.Recipes;
using Sinter.Tensors;
using Sinter.Text;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; stop.Cancel(); };
using var logging = LoggerFactory.Create(log => log.AddSimpleConsole(o => o.SingleLine = true));

var recipe = new Recipe
{
    Name = "from-code",
    Data = { Text = [args.Length > 0 ? args[0] : "sdk-docs"], Tokenizer = { Kind = "bpe", VocabSize = 1024 } },
    Model = { Architecture = "llama", NumLayers = 2, NumHeads = 4, NumKvHeads = 2, HiddenSize = 64, ContextLength = 64 },
    Training =
    {
        MaxSteps = args.Length > 1 ? long.Parse(args[1]) : 300,
        BatchSize = 16,
        Optimizer = new AdamWOptions { LearningRate = 2e-3 },
        EvalTokens = 16_384,
    },
};
var progress = new Progress<TrainingProgress>(p => Console.Title = $"{p.Step}/{p.TotalSteps}, loss {p.Loss:F3}");
var options = new TrainerOptions { Logging = logging, Progress = progress };
TrainingResult result = Trainer.Train(recipe, options, stop.Token);
Console.WriteLine($"\nvalidation loss {result.ValidationLoss:F3}, model in {result.ModelFolder}");
if (result.Outcome == TrainingOutcome.Stopped) return;

using var device = new CpuDevice();
var trained = ModelFolder.Load(result.RunFolder, device);
ITokenizer tokenizer = trained.Tokenizer!;
var sampling = new GenerationOptions { MaxNewTokens = 60, Temperature = 0.8 };
int[] made = [.. new TextGenerator(trained.LanguageModel).Generate(tokenizer.Encode("The "), sampling, stop.Token)];
Console.WriteLine("The " + tokenizer.Decode(made));
