using Microsoft.Extensions.Logging;
using Sinter.Data;
using Sinter.Data.Examples;
using Sinter.Data.Sdk;
using Sinter.Evaluation;
using Sinter.Models;
using Sinter.Text;
using Sinter.Training;

namespace Sinter.Tasks;

/// <summary>A task on examples: reads and splits them, and judges a <see cref="SequenceClassifier"/> by those held out.</summary>
/// <param name="options">Columns, length and split.</param>
public abstract class ExampleTask(ExampleTaskOptions options) : ITask
{
    /// <summary>What is predicted.</summary>
    public abstract ProblemKind Problem { get; }

    /// <inheritdoc/>
    public TaskData Read(TaskInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        input.Progress?.Report(("reading examples", null));
        var (train, validation) = Parts(input, cancellation);
        var names = Names(train, validation, isHeldOut: input.Data.Validation.Count == 0);
        var tokenizer = input.Tokenizer ?? Train(input, train, cancellation);
        input.Progress?.Report(("encoding", null));
        int length = Math.Min(options.MaxLength ?? input.ContextLength, input.ContextLength);
        var encoder = new ExampleEncoder(tokenizer, length);
        var encoded = (Train: Target(encoder.Encode(train, cancellation), train, names), Validation: Target(encoder.Encode(validation, cancellation), validation, names));
        if (encoder.Cut > 0)
            input.Logger.LogWarning("{Cut} of {All} examples have more than {Length} tokens and are cut; raise task.max_length or model.context_length to keep all of them",
                encoder.Cut, train.Count + validation.Count, length);
        var form = new ExampleForm(PoolsLast: input.IsCausal, HidesPadding: !input.IsCausal);
        var sequences = new TrainingData(new ExampleSampler(encoded.Train, form, length, input.Training.Seed, input.Training.BatchSize.Buckets),
            new ExampleValidation(encoded.Validation, form, input.Training.EvalTokens));
        return new ExampleData(tokenizer, names, encoded.Train, encoded.Validation, form, sequences);
    }

    /// <inheritdoc/>
    public virtual ModelConfig Configure(ModelConfig config, TaskData data)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config with { Head = ModelHead.Classifier, Labels = ((ExampleData)data).Names, Problem = Problem };
    }

    /// <inheritdoc/>
    public void Prepare(ITrainedModel model, TaskData data) => ((SequenceClassifier)model).Objective = Objective((ExampleData)data);

    /// <inheritdoc/>
    public IEvaluator Evaluator(ITrainedModel model, TaskData data) =>
        new ExampleEvaluator(new ExamplePredictor((SequenceClassifier)model), (ExampleData)data, () => Scores(((ExampleData)data).Names.Count), Distance);

    /// <inheritdoc/>
    public TaskReport Report(ITrainedModel model, TaskData data, Evaluation.Evaluation? known) =>
        ExampleReport.Make(options.Name, new ExamplePredictor((SequenceClassifier)model), (ExampleData)data, () => Scores(((ExampleData)data).Names.Count));

    /// <inheritdoc/>
    public abstract CardPart Card(ModelConfig config, TaskData data);

    /// <summary>The columns that are read.</summary>
    protected abstract ExampleColumns Columns(DataOptions data);

    /// <summary>The labels, or the names of the numbers.</summary>
    /// <param name="train">The examples to train on.</param>
    /// <param name="validation">Those to validate with.</param>
    /// <param name="isHeldOut">Whether both are of the same files.</param>
    /// <exception cref="DataException">There is an example with another label.</exception>
    protected abstract IReadOnlyList<string> Names(IReadOnlyList<Example> train, IReadOnlyList<Example> validation, bool isHeldOut);

    /// <summary>Encoded examples with what is to be predicted.</summary>
    protected abstract EncodedExamples Target(EncodedExamples encoded, IReadOnlyList<Example> examples, IReadOnlyList<string> names);

    /// <summary>What is minimized.</summary>
    protected abstract SequenceLoss Objective(ExampleData data);

    /// <summary>Scores of nothing yet.</summary>
    protected abstract IExampleScores Scores(int outputs);

    /// <summary>The loss of an example's logits, as a mean over its numbers.</summary>
    protected abstract double Distance(EncodedExamples examples, long example, ReadOnlySpan<float> logits);

    private (List<Example> Train, List<Example> Validation) Parts(TaskInput input, CancellationToken cancellation)
    {
        var columns = Columns(input.Data);
        var train = Read("data.text", input.Data.Text, columns, input, cancellation);
        if (input.Data.Validation.Count == 0) return StratifiedSplit.Split(train, input.Data.ValidationFraction, options.SplitSeed);
        return (train, Read("data.validation", input.Data.Validation, columns, input, cancellation));
    }

    private static List<Example> Read(string key, IReadOnlyList<string> text, ExampleColumns columns, TaskInput input, CancellationToken cancellation)
    {
        if (!text.Contains(BuiltInSources.SdkDocsNamespaces)) return ExampleReader.Read(key, text, columns, input.BaseFolder, cancellation);
        if (text.Count > 1 || columns.Target is not (ExampleTarget.Label or ExampleTarget.LabelSet) || columns.Pair is not null)
            throw new DataException($"{key}: {BuiltInSources.SdkDocsNamespaces} has one text and one label an example; name it alone, with the task classify and no pair_column");
        return SdkNamespaces.Read(message => input.Logger.LogWarning("{Message}", message));
    }

    private static ITokenizer Train(TaskInput input, List<Example> examples, CancellationToken cancellation)
    {
        input.Progress?.Report(("training the tokenizer", null));
        var texts = examples.SelectMany(e => e.Pair is null ? new[] { e.Text } : [e.Text, e.Pair]).Select(t => t.AsMemory());
        return Tokenizers.Train(input.Data.Tokenizer, texts, null, cancellation);
    }
}
