using Sinter.Checkpoints;
using Sinter.Checkpoints.Adapters;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.State;
using Sinter.Evaluation;
using Sinter.Models;
using Sinter.Tasks;
using Sinter.Tensors;
using Sinter.Text;
using Sinter.Training.Stopping;

namespace Sinter.Training;

/// <summary>Writes and reads what a run needs to go on: the model with its tokenizer, and the state of everything that has one.</summary>
/// <param name="run">The run's folder.</param>
/// <param name="model">The model.</param>
/// <param name="strategies">What has a state.</param>
/// <param name="tokenizer">The tokenizer that goes with the model.</param>
/// <param name="contentHash">What decides the sequences.</param>
/// <param name="options">Seed, and how many checkpoints stay.</param>
/// <param name="pretrained">Where the model began; null for a new one.</param>
/// <param name="modelFiles">What else goes with the model, by name: the chat template.</param>
internal sealed class CheckpointStore(RunFolder run, ITrainedModel model, TrainingStrategies strategies, ITokenizer tokenizer, string contentHash,
    TrainingOptions options, string? pretrained = null, IReadOnlyDictionary<string, byte[]>? modelFiles = null)
{
    /// <summary>What stands for the weights that checkpoints leave out; null where they hold all.</summary>
    private readonly string? _baseHash = WeightHash.OfBase(model.Parameters);

    private CpuDevice Device => (CpuDevice)model.Device;

    /// <summary>Writes the checkpoint of a step and deletes those that are too many.</summary>
    /// <returns>Its folder.</returns>
    /// <exception cref="CheckpointException">It can't be written; the earlier ones are as they were.</exception>
    public string Save(long step)
    {
        var checkpoint = run.Save(step, folder =>
        {
            var files = WriteModel(folder);
            var state = new StateWriter();
            strategies.Save(state);
            state.Section("data").Text("content", contentHash);
            if (_baseHash is not null) state.Section("base").Text("sha256", _baseHash);
            var trainer = new TrainerState(step, strategies.Cursor.Tokens, options.Seed, Device.InstructionSet, PrecisionNames.Of(Device.Precision));
            foreach (var (name, hash) in trainer.Write(folder, state)) files[name] = hash;
            return files;
        });
        run.Prune(options.Keep, strategies.Best?.Best?.Step);
        return checkpoint.Path;
    }

    /// <summary>Writes the finished model of a step, with how it did, its card and its manifest.</summary>
    /// <exception cref="CheckpointException">It can't be written, or is another model when it is read back.</exception>
    public void SaveModel(long step, TaskReport report, ModelCard card) => AtomicFolder.Write(run.ModelPath, folder =>
    {
        var files = WriteModel(folder);
        files[TaskReport.FileName] = report.Write(folder);
        files[ModelCard.FileName] = card.Write(folder);
        ExportCheck.Compare(folder, model);
        Manifest.Write(folder, step, files);
    });

    private Dictionary<string, FileHash> WriteModel(string folder)
    {
        var files = new Dictionary<string, FileHash>(ModelFolder.Save(folder, model, tokenizer, pretrained));
        foreach (var (name, content) in modelFiles ?? new Dictionary<string, byte[]>()) files[name] = DurableFile.Write(Path.Combine(folder, name), content);
        return files;
    }

    /// <summary>Takes weights and states from a checkpoint.</summary>
    /// <exception cref="CheckpointException">It is damaged or of another model.</exception>
    public void Load(Checkpoint checkpoint, CpuDevice device, Action<string> warn)
    {
        RequireTokenizer(checkpoint);
        ModelFolder.LoadTrained(checkpoint.Path, model);
        var (trainer, state) = TrainerState.Read(checkpoint.Path);
        using (state)
        {
            if (_baseHash is not null && state.Section("base").Text("sha256") != _baseHash)
                throw new CheckpointException($"{checkpoint.Path}: its adapter was trained on another base than {pretrained} now holds. Put the base model back, or begin a new run.");
            strategies.Load(state, warn);
            RequireBest(warn);
            if (state.Section("data").Text("content") != contentHash)
                warn($"The text has changed since {checkpoint.Path} was written: the next steps see other windows than an uninterrupted run would have.");
            state.Finish();
        }
        if (trainer.InstructionSet != device.InstructionSet)
            warn($"{checkpoint.Path} was made with {trainer.InstructionSet} kernels; this run goes on with {device.InstructionSet}, whose last bits differ.");
        if (trainer.Seed != options.Seed) warn($"{checkpoint.Path} was made with seed {trainer.Seed}; the data of the next steps is that of seed {options.Seed}.");
    }

    /// <summary>Takes weights and states from the checkpoint of the best evaluation, for the finished model.</summary>
    /// <returns>The evaluation, which may be that of the last step, whose weights the model has already; null where none is kept.</returns>
    /// <remarks>Where the checkpoint is damaged, the model is that of the last step, with a warning.</remarks>
    public BestStep? LoadBest(long step, CpuDevice device, Action<string> warn)
    {
        if (strategies.Best?.Best is not { } best || best.Step == step) return strategies.Best?.Best;
        try
        {
            var checkpoint = run.Checkpoints().First(c => c.Step == best.Step);
            Manifest.Verify(checkpoint.Path);
            Load(checkpoint, device, _ => { });
            return best;
        }
        catch (CheckpointException error)
        {
            warn($"The best checkpoint, of step {best.Step}, can't be read, so the finished model is that of step {step}. {error.Message}");
            return null;
        }
    }

    /// <summary>A best evaluation whose checkpoint is gone (a damaged one was set aside, and the one before pruned) is forgotten.</summary>
    private void RequireBest(Action<string> warn)
    {
        if (strategies.Best is not { Best: { } best } tracker || run.Checkpoints().Any(c => c.Step == best.Step)) return;
        warn($"The checkpoint of the best step, {best.Step}, is gone: the next evaluation is the best so far.");
        tracker.Forget();
    }

    /// <summary>With another tokenizer, even of the same size, the weights would mean other tokens.</summary>
    private void RequireTokenizer(Checkpoint checkpoint)
    {
        string path = Path.Combine(checkpoint.Path, TokenizerFiles.FileName);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(tokenizer.ToJson())) return;
        throw new CheckpointException($"{path}: the tokenizer of the run is not the one that the text gives now. "
            + "Resume with the text and the data.tokenizer that the run began with, or begin a new run.");
    }
}
