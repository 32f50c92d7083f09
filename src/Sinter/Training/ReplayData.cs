using Sinter.Data;
using Sinter.Evaluation;
using Sinter.Models;
using Sinter.Tasks;
using Sinter.Text;
using Sinter.Training.Regularization;

namespace Sinter.Training;

/// <summary>The text that a pretrained model learned before, in the model's tokens.</summary>
public sealed class ReplayData : IDisposable
{
    private readonly TokenCorpus _corpus;
    private readonly double _fraction;

    private ReplayData(TokenCorpus corpus, TrainingData sequences, double fraction) => (_corpus, Sequences, _fraction) = (corpus, sequences, fraction);

    /// <summary>Its sequences.</summary>
    public TrainingData Sequences { get; }

    /// <summary>What decides the sequences, as <see cref="TaskData.ContentHash"/>.</summary>
    public string ContentHash => _corpus.ContentHash;

    /// <summary>Reads the text that the options name.</summary>
    /// <param name="options">Which.</param>
    /// <param name="input">The run's own data: its split, sequences and length are taken.</param>
    /// <param name="tokenizer">The run's tokenizer.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="DataException">The text can't be read or is too short.</exception>
    public static ReplayData Read(ReplayOptions options, TaskInput input, ITokenizer tokenizer, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(input);
        var data = new DataOptions { Text = options.Text, Column = options.Column, ValidationFraction = input.Data.ValidationFraction, Sequences = input.Data.Sequences };
        var corpus = CorpusBuilder.Build(data, tokenizer, input.BaseFolder, input.Logger, input.Progress, cancellation);
        try
        {
            if (data.Sequences == SequenceForms.Windows) corpus.Require(input.ContextLength);
            return new ReplayData(corpus, TrainingData.Of(corpus, data, input.Training, input.ContextLength), options.Fraction);
        }
        catch (DataException e)
        {
            corpus.Dispose();
            throw new DataException($"data.replay.text: {string.Join(", ", options.Text)}: {e.Message}", e);
        }
    }

    /// <summary>New sequences with these among them.</summary>
    public TrainingData Mix(TrainingData fresh)
    {
        ArgumentNullException.ThrowIfNull(fresh);
        return _fraction == 0 ? fresh : fresh with { Train = new MixedSequences(fresh.Train, Sequences.Train, _fraction) };
    }

    /// <summary>Has a penalty that holds what these need find out what that is, unless it knows.</summary>
    /// <param name="penalty">The run's penalty.</param>
    /// <param name="model">The model as it begins.</param>
    /// <param name="progress">Gets the share done.</param>
    /// <param name="cancellation">Stops between sequences.</param>
    public void Ask(IPenalty? penalty, ITrainedModel model, IProgress<double> progress, CancellationToken cancellation)
    {
        if (penalty is EwcPenalty { IsReady: false } ewc) ewc.Estimate(model, Sequences.Train, progress, cancellation);
    }

    /// <summary>An evaluator that measures the old text too.</summary>
    public IEvaluator Evaluator(ITrainedModel model, IEvaluator now) => new OldDataEvaluator(now, new LossEvaluator(model, Sequences.Validation));

    /// <inheritdoc/>
    public void Dispose() => _corpus.Dispose();
}
