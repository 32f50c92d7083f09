using Sinter.Data.Examples;
using Sinter.Models;
using Sinter.Text;

namespace Sinter.Tasks;

/// <summary>What a finished model says of texts, or of pairs of texts: probabilities of labels, or numbers.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">Its tokenizer.</param>
public sealed class TextPredictor(SequenceClassifier model, ITokenizer tokenizer)
{
    private readonly ExamplePredictor _predictor = new(model);
    private readonly bool _isCausal = Architectures.Find(model.Config.Architecture).IsCausal;

    /// <summary>The labels, or the names of the numbers.</summary>
    public IReadOnlyList<string> Names => model.Config.Labels!;

    /// <summary>What the outputs are.</summary>
    public ProblemKind Problem => model.Config.Problem;

    /// <summary>The least probability of a label that counts as predicted, where a text may have any number: what the model was judged with.</summary>
    public double Threshold => model.Config.LabelThreshold ?? 0.5;

    /// <summary>Judges texts; what is longer than the model's context is cut at its end.</summary>
    /// <param name="examples">The texts; their labels and numbers are not looked at.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>For each text the outputs, in the order of <see cref="Names"/>.</returns>
    /// <exception cref="DataException">A text holds a character outside the vocabulary, or no token.</exception>
    public IReadOnlyList<float[]> Predict(IReadOnlyList<Example> examples, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.Count == 0) return [];
        var encoded = new ExampleEncoder(tokenizer, model.Config.ContextLength).Encode(examples, cancellation);
        if (model.Config.Problem == ProblemKind.SingleLabel) encoded = encoded.With(new int[examples.Count]);
        else encoded = encoded.With(new float[examples.Count * Names.Count], Names.Count);
        var sequences = new ExampleValidation(encoded, new ExampleForm(_isCausal, !_isCausal), null);
        var outputs = new float[examples.Count][];
        _predictor.Predict(sequences, (sequence, logits) =>
        {
            float[] made = new float[logits.Length];
            ExamplePredictor.Activate(Problem, logits, made);
            outputs[sequences.ExampleOf(sequence)] = made;
        }, null, cancellation);
        return outputs;
    }
}
