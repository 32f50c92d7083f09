using Sinter.Data;

namespace Sinter.Training;

/// <summary>The sequences of a run.</summary>
/// <param name="Train">What steps take.</param>
/// <param name="Validation">What evaluations take.</param>
public sealed record TrainingData(ITrainingSequences Train, IValidationSequences Validation)
{
    /// <summary>The sequences that valid options make of a text.</summary>
    /// <param name="corpus">The text.</param>
    /// <param name="data">How sequences are cut.</param>
    /// <param name="training">Seed, length, batches and evaluation.</param>
    /// <param name="contextLength">The most tokens of a sequence.</param>
    /// <exception cref="DataException">The text is too short.</exception>
    public static TrainingData Of(TokenCorpus corpus, DataOptions data, TrainingOptions training, int contextLength)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(training);
        // Windows come in passes where a whole number of passes is asked for, and start anywhere otherwise.
        var order = training.Epochs is not null || training.BatchSize.TakesPasses ? WindowOrder.Epochs : WindowOrder.RandomOffsets;
        return new TrainingData(SequenceForms.Train(data.Sequences, corpus.Train, contextLength, training.Seed, order, training.BatchSize.Buckets),
            SequenceForms.Validate(data.Sequences, corpus.Validation, contextLength, training.EvalTokens));
    }
}
