using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sinter.Checkpoints;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Runs;
using Sinter.Evaluation;
using Sinter.Generation;
using Sinter.Models;
using Sinter.Monitoring;
using Sinter.Monitoring.Profiles;
using Sinter.Recipes;
using Sinter.Tasks;
using Sinter.Tensors;
using Sinter.Tensors.Profiling;
using Sinter.Text;
using Sinter.Training;
using Sinter.Training.Batches;
using Sinter.Training.Planning;
using Sinter.Training.Stopping;

namespace Sinter;

/// <summary>A whole run, from a recipe to a finished model in a folder: puts the stages together and drives the one loop.</summary>
public sealed class Trainer
{
    private readonly TrainerOptions _options;
    private readonly ILogger _logger;
    private readonly PhaseClock _clock = new();
    private readonly List<ITrainingListener> _listeners;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Recipe _recipe;
    private readonly ModelSource _source;
    private readonly RunFolder _run;
    private bool _began;

    private Trainer(Recipe recipe, ModelSource source, RunFolder run, TrainerOptions options)
    {
        (_recipe, _source, _run, _options) = (recipe, source, run, options);
        _logger = (ILogger?)options.Logging?.CreateLogger<Trainer>() ?? NullLogger.Instance;
        _listeners = [.. options.Listeners];
        if (options.Logging is { } logging) _listeners.Add(new LoggerListener(logging.CreateLogger<Trainer>()));
        if (options.Progress is { } progress) _listeners.Add(new ProgressListener(progress));
    }

    /// <summary>Trains a recipe, or goes on with a run.</summary>
    /// <param name="recipe">What to do; null, with <see cref="TrainerOptions.Resume"/>, takes the run's own. Relative paths in it are relative to the current folder.</param>
    /// <param name="options">Where, and who listens.</param>
    /// <param name="cancellation">Ends the run after the step that is going on; it is saved and can be resumed.</param>
    /// <exception cref="RecipeException">The recipe is wrong; all that is wrong is listed.</exception>
    /// <exception cref="DataException">The text can't be read or is too short.</exception>
    /// <exception cref="CheckpointException">The run's folder can't be written, is in use or damaged.</exception>
    /// <exception cref="TrainingException">A loss or gradient is no number, or a guard of the recipe ended the run.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first step.</exception>
    public static TrainingResult Train(Recipe? recipe, TrainerOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new TrainerOptions();
        recipe?.Validate();
        var earlier = EarlierRecipe(options);
        recipe ??= earlier ?? throw new SinterException(options.RunFolder is null
            ? "Nothing to train: name a recipe, or a run to resume." : $"{options.RunFolder} holds no recipe to resume; name one.");
        var source = recipe.OpenModel();
        if (Finished(recipe, earlier, options) is { } done) return done;
        bool isNew = options.RunFolder is null || !Directory.Exists(options.RunFolder);
        var run = OpenFolder(recipe, options);
        var trainer = new Trainer(recipe, source, run, options);
        try
        {
            using var held = run.Lock(options.Logging?.CreateLogger<Trainer>());
            return trainer.Run(earlier, cancellation);
        }
        catch when (isNew && !trainer._began)
        {
            run.Discard();
            throw;
        }
    }

    private static Recipe? EarlierRecipe(TrainerOptions options)
    {
        if (!options.Resume) return null;
        if (options.RunFolder is null) throw new SinterException("To resume, name the run's folder (--run DIR).");
        string path = Path.Combine(options.RunFolder, "recipe.yaml");
        return File.Exists(path) ? RecipeReader.Read(path) : null;
    }

    private static TrainingResult? Finished(Recipe recipe, Recipe? earlier, TrainerOptions options)
    {
        if (earlier is null || RecipeDiff.Compare(earlier, recipe).Count > 0) return null;
        var record = RunRecord.Read(options.RunFolder!);
        if (!record.Completed || !Directory.Exists(Path.Combine(options.RunFolder!, "model"))) return null;
        var last = MetricsLine.Read(Path.Combine(options.RunFolder!, MetricsLog.FileName)).LastOrDefault();
        long step = record.Stop?.Step ?? record.TotalSteps;
        return new TrainingResult(TrainingOutcome.AlreadyComplete, Path.GetFullPath(options.RunFolder!), step, last.Loss ?? double.NaN, last.ValidationLoss, last.ValidationAccuracy)
        {
            Best = record.Best,
            Stop = record.Stop,
        };
    }

    private static RunFolder OpenFolder(Recipe recipe, TrainerOptions options)
    {
        if (options.RunFolder is null) return RunFolder.Create(options.RunsFolder, FolderName(recipe.Name));
        if (!options.Resume && RunFolder.IsRun(options.RunFolder))
            throw new CheckpointException($"{options.RunFolder} already holds a run. Go on with it (--resume), or name another folder.");
        return RunFolder.OpenOrCreate(options.RunFolder);
    }

    // A recipe's name may have spaces and signs; a folder that is typed in a shell should not.
    private static string FolderName(string name) => string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));

    private TrainingResult Run(Recipe? earlier, CancellationToken cancellation)
    {
        var newest = _options.Resume ? NewestCheckpoint() : null;
        var task = _recipe.Task.Create();
        using var data = Read(task, cancellation);
        using var old = _recipe.Data.Replay is { } replay ? ReplayData.Read(replay, Input(), data.Tokenizer, cancellation) : null;
        var sequences = old?.Mix(data.Sequences) ?? data.Sequences;
        var config = task.Configure(_source.Configure(data.Tokenizer), data);
        var batches = CreateBatches(sequences, config);
        using var device = new CpuDevice(_recipe.Training.Threads, PrecisionNames.Of(_recipe.Training.Precision));
        device.Memory.LeavesRoom = batches is MemoryBatch;
        if (_options.Profile) device.Profile = new OpProfile();
        var model = _source.Build(config, device, _recipe.Training.Seed);
        if (!_source.Differences.IsEmpty) Warn($"{_source.Folder}: its weights differ from the model, as model.weights allows:{_source.Differences}");
        task.Prepare(model, data);
        var plan = TrainingPlan.Of(_recipe.Training, batches, sequences.Train);
        var strategies = TrainingStrategies.Of(_recipe.Training, model.Parameters, batches, plan);
        if (newest?.Step > plan.TotalSteps)
            throw new CheckpointException($"{_run.Path}: the run is at step {newest.Step} and can't end at step {plan.TotalSteps}. "
                + "Train longer (training.max_steps, max_tokens or epochs), or begin a new run in another folder.");
        string content = old is null ? data.ContentHash : $"{data.ContentHash}+{old.ContentHash}";
        var store = new CheckpointStore(_run, model, strategies, data.Tokenizer, content, _recipe.Training, _source.Folder, Files(data));
        if (newest is not null) store.Load(newest, device, Warn);
        old?.Ask(strategies.Penalty, model, new Relay(done => Emit(new Working("asking the old data which weights matter", done))), cancellation);
        _began = true;
        WriteRecipe(device);
        using var files = RunFiles.Open(_run.Path, newest?.Step);
        using var meter = new SinterMeter();
        _listeners.InsertRange(0, [files, meter, new ProfileFiles(_run.Path)]);
        Emit(new RunStarted(_run.Path, _recipe.Name, File.ReadAllText(_run.RecipePath), model.Config, model.Parameters.Sum(p => p.Value.Count), data.TrainTokens, data.ValidationTokens,
            newest?.Step ?? 0, plan.TotalSteps, plan.TokensPerStep, PrecisionNames.Of(device.Precision), device.InstructionSet, device.Workers.Count)
        {
            TotalTokens = plan.TotalTokens,
            Best = strategies.Best?.Best,
        });
        ShowChanges(earlier);
        var evaluator = task.Evaluator(model, data);
        var loop = new TrainingLoop(model, strategies, sequences.Train, old?.Evaluator(model, evaluator) ?? evaluator, _recipe.Training, plan, _clock);
        return Loop(task, loop, data, model, strategies, plan, store, newest?.Step ?? 0, cancellation);
    }

    /// <summary>The batch policy, made before the model: what it plans with is the memory that the model has yet to take.</summary>
    private IBatchPolicy CreateBatches(TrainingData data, ModelConfig config)
    {
        var batches = _recipe.Training.BatchSize.Create(new BatchFacts(data.Train, _recipe.Training.GradientAccumulation, _recipe.Training.Seed)
        {
            Planner = new MemoryPlanner(config, _recipe.Training) { Sequences = data.Train, Adapters = _source.Adapters },
        });
        if (batches is MemoryBatch { Plan: var plan })
            Emit(new Working($"{plan.Rows} of {plan.Batch.Sequences} sequences at a time: {HumanFormat.Bytes(plan.Total)} at most", null));
        return batches;
    }

    private TrainingResult Loop(ITask task, TrainingLoop loop, TaskData data, ITrainedModel model, TrainingStrategies strategies, TrainingPlan plan,
        CheckpointStore store, long first, CancellationToken cancellation)
    {
        if (first == 0) Sample(model, data.Tokenizer, 0);
        long step = Steps(loop, first, strategies.EvaluatedStep is { } evaluated ? evaluated == first : IsEvaluated(first), store, cancellation);
        bool complete = step == plan.TotalSteps || loop.Stop is not null;
        var stop = step < plan.TotalSteps ? loop.Stop : null;
        var best = complete ? Finish(task, data, model, strategies, store, step, loop.Validation) : strategies.Best?.Best;
        foreach (var time in _clock.Times()) Emit(time);
        if (model.Device is CpuDevice { Profile: { Steps: > 0 } profile } device)
            Emit(new Profiled(profile, MemoryUse.Of(device, profile), PeakMemory.Bytes(), [.. _clock.Times()]));
        Emit(complete ? new RunCompleted(step, _run.Path, Stopwatch.GetElapsedTime(_start).TotalSeconds) { Best = best, Stop = stop } : new RunStopped(step, _run.Path));
        return new TrainingResult(complete ? TrainingOutcome.Completed : TrainingOutcome.Stopped, _run.Path, step, loop.Loss, loop.Validation?.Loss, loop.Validation?.Accuracy)
        {
            Best = best,
            Stop = stop,
        };
    }

    private long Steps(TrainingLoop loop, long first, bool isEvaluated, CheckpointStore store, CancellationToken cancellation)
    {
        try
        {
            return loop.Run(first, isEvaluated, Emit, s => Save(store, s), cancellation);
        }
        catch (TrainingException) when (loop.Stop is not null)
        {
            foreach (var time in _clock.Times()) Emit(time);
            Emit(new RunFailed(_run.Path, loop.Stop));
            throw;
        }
    }

    private bool IsEvaluated(long step) => step > 0 && MetricsLine.Read(_run.MetricsPath).LastOrDefault() is { IsEvaluated: true } last && last.Step == step;

    private BestStep? Finish(ITask task, TaskData data, ITrainedModel model, TrainingStrategies strategies, CheckpointStore store, long step, Evaluation.Evaluation? last)
    {
        BestStep? best;
        using (_clock.Start("checkpoint")) best = store.LoadBest(step, (CpuDevice)model.Device, Warn);
        using var average = strategies.Average?.Swap();
        Sample(model, data.Tokenizer, best?.Step ?? step);
        Emit(new Working("comparing", null));
        TaskReport report;
        using (_clock.Start("evaluation")) report = task.Report(model, data, best is null || best.Step == step ? last : null);
        var card = new ModelCard(_recipe, model.Config, model.Parameters.Sum(p => p.Value.Count), task.Card(model.Config, data), report)
        {
            Forgotten = Forgetting.Of([.. MetricsLine.Read(_run.MetricsPath).Where(l => l.IsEvaluated)]),
        };
        Emit(new Working("writing the model", null));
        using (_clock.Start("checkpoint")) store.SaveModel(step, report, card);
        return best;
    }

    private void Save(CheckpointStore store, long step)
    {
        foreach (var time in _clock.Times()) Emit(time);
        Emit(new CheckpointStarted(step));
        string folder;
        using (_clock.Start("checkpoint")) folder = store.Save(step);
        Emit(new CheckpointSaved(step, folder));
    }

    private TaskData Read(ITask task, CancellationToken cancellation)
    {
        using var time = _clock.Start("data");
        return task.Read(Input(), cancellation);
    }

    private TaskInput Input() => TaskInput.Of(_recipe.Data, _recipe.Training, _source) with
    {
        Logger = new WarningRelay(_logger, Warn),
        Progress = new DataProgress(this),
    };

    /// <summary>What goes with the model: a pretrained one keeps its chat template, unless the task has another.</summary>
    private IReadOnlyDictionary<string, byte[]> Files(TaskData data) => data.ModelFiles.Count > 0 ? data.ModelFiles : ChatFiles.ToWrite(_source.Chat?.TemplateText);

    private Checkpoint? NewestCheckpoint()
    {
        var search = _run.NewestGood();
        foreach (var rejected in search.Best is null ? [] : search.Rejected)
            Warn($"The checkpoint of step {rejected.Checkpoint.Step} is damaged and was set aside as {rejected.Checkpoint.SetAside()}. {rejected.Error.Message}");
        if (search.Best is null && search.Rejected.Count > 0)
            throw new CheckpointException($"{_run.Path}: every checkpoint of this run is damaged ({string.Join(" ", search.Rejected.Select(r => r.Error.Message))}). "
                + "Begin a new run in another folder.");
        return search.Best;
    }

    private void WriteRecipe(CpuDevice device)
    {
        _recipe.Resolved = new ResolvedOptions
        {
            Precision = PrecisionNames.Of(device.Precision),
            InstructionSet = device.InstructionSet,
            Threads = device.Workers.Count,
        };
        DurableFile.Write(_run.RecipePath, Encoding.UTF8.GetBytes(RecipeWriter.Write(_recipe)));
    }

    private void ShowChanges(Recipe? earlier)
    {
        if (earlier is null) return;
        foreach (var change in RecipeDiff.Compare(earlier, _recipe))
            Warn($"The recipe has changed: {change.Key} was {Shown(change.Old)} and is {Shown(change.New)}.");
    }

    private static string Shown(string value) => value.Length == 0 ? "not there" : value;

    private void Sample(ITrainedModel trained, ITokenizer tokenizer, long step)
    {
        if (_recipe.Sample.MaxNewTokens == 0 || trained is not CausalLanguageModel model) return;
        using var time = _clock.Start("sampling");
        var prompt = new List<int>();
        try
        {
            tokenizer.Encode(_recipe.Sample.Prompt, prompt);
        }
        catch (DataException e)
        {
            if (step == 0) Warn($"sample.prompt can't be encoded, so the sample begins with token 0. {e.Message}");
            prompt.Clear();
        }
        if (prompt.Count == 0) prompt.Add(tokenizer.EndOfTextId ?? 0);
        var options = new GenerationOptions { MaxNewTokens = _recipe.Sample.MaxNewTokens, Temperature = _recipe.Sample.Temperature, TopK = _recipe.Sample.TopK, Seed = _recipe.Training.Seed };
        int[] tokens = [.. new TextGenerator(model).Generate(prompt, options)];
        Emit(new TextSampled(step, _recipe.Sample.Prompt, tokenizer.DecodeAfter([.. prompt], tokens)));
    }

    private void Warn(string message) => Emit(new Warned(message));

    private void Emit(TrainingEvent e)
    {
        foreach (var listener in _listeners) listener.On(e);
    }

    private sealed class Relay(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }

    private sealed class DataProgress(Trainer trainer) : IProgress<(string What, double? Done)>
    {
        public void Report((string What, double? Done) value) => trainer.Emit(new Working(value.What, value.Done));
    }
}
