using System.Numerics.Tensors;
using Sinter.Data;
using Sinter.Data.Examples;

namespace Sinter.Evaluation.Baselines;

/// <summary>
/// What a model without word order reaches: a linear model on how often each token occurs, as (1 + log count) · log((1 + n) ÷ (1 + document frequency)), scaled to
/// length 1. It predicts by softmax, by a sigmoid each, or a number each, and learns by stochastic gradient descent with AdaGrad's rates (Duchi, Hazan and Singer,
/// 2011). Deterministic.
/// </summary>
public sealed class BagOfTokens
{
    private const double Rate = 0.5, Epsilon = 1e-8;
    private const int MostPasses = 20;
    private const double MostWork = 4e9;

    private readonly int _outputs, _width;
    private readonly float[] _weights, _idf, _mean, _spread;
    private readonly bool _isSoftmax, _isSigmoid;

    private BagOfTokens(EncodedExamples examples, int outputs, int vocabSize, bool isSigmoid)
    {
        (_outputs, _width, _isSoftmax, _isSigmoid) = (outputs, vocabSize + 1, examples.Labels is not null, isSigmoid);
        _weights = new float[(long)outputs * _width];
        _idf = InverseFrequencies(examples, vocabSize);
        (_mean, _spread) = (new float[outputs], new float[outputs]);
        Array.Fill(_spread, 1f);
        if (!_isSoftmax && !isSigmoid) Standardize(examples);
    }

    /// <summary>Learns from training examples.</summary>
    /// <param name="examples">The examples; with labels, else with values.</param>
    /// <param name="outputs">Labels, or values of an example.</param>
    /// <param name="vocabSize">Ids are below it.</param>
    /// <param name="areLabels">Whether the values are labels that an example has or has not, rather than numbers.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static BagOfTokens Train(EncodedExamples examples, int outputs, int vocabSize, bool areLabels, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var model = new BagOfTokens(examples, outputs, vocabSize, areLabels && examples.Labels is null);
        var squares = new float[model._weights.Length];
        int passes = (int)Math.Clamp(MostWork / ((double)examples.TokenCount * outputs), 1, MostPasses);
        var bag = new Bag(model._idf);
        Span<float> scores = new float[outputs];
        for (int pass = 0; pass < passes; pass++)
        {
            cancellation.ThrowIfCancellationRequested();
            SeededPermutation order = new(examples.Count, 0, (ulong)pass);
            for (long i = 0; i < examples.Count; i++) model.Learn(examples, order[i], bag, scores, squares);
        }
        return model;
    }

    /// <summary>What it makes of tokens: the softmax's probabilities, the sigmoids', or numbers.</summary>
    /// <param name="tokens">The tokens of an example.</param>
    /// <param name="scores">[outputs].</param>
    public void Predict(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        var bag = new Bag(_idf);
        bag.Read(tokens);
        Score(bag, scores);
        for (int k = 0; k < _outputs; k++) scores[k] = scores[k] * _spread[k] + _mean[k];
    }

    private void Learn(EncodedExamples examples, long example, Bag bag, Span<float> scores, float[] squares)
    {
        bag.Read(examples.TokensOf(example));
        Score(bag, scores);
        for (int k = 0; k < _outputs; k++)
        {
            float wanted = examples.Labels is { } labels ? (labels[example] == k ? 1 : 0) : (examples.ValuesOf(example)[k] - _mean[k]) / _spread[k];
            float error = scores[k] - wanted;
            Span<float> weights = _weights.AsSpan(k * _width, _width), sums = squares.AsSpan(k * _width, _width);
            foreach (var (id, value) in bag.Items)
            {
                float gradient = error * value;
                sums[id] += gradient * gradient;
                weights[id] -= (float)(Rate * gradient / Math.Sqrt(sums[id] + Epsilon));
            }
        }
    }

    private void Score(Bag bag, Span<float> scores)
    {
        for (int k = 0; k < _outputs; k++)
        {
            var weights = _weights.AsSpan(k * _width, _width);
            float sum = 0;
            foreach (var (id, value) in bag.Items) sum += weights[id] * value;
            scores[k] = sum;
        }
        if (_isSoftmax) TensorPrimitives.SoftMax<float>(scores, scores);
        else if (_isSigmoid) TensorPrimitives.Sigmoid<float>(scores, scores);
    }

    private void Standardize(EncodedExamples examples)
    {
        for (int k = 0; k < _outputs; k++)
        {
            double[] values = [.. Enumerable.Range(0, (int)examples.Count).Select(i => (double)examples.ValuesOf(i)[k])];
            double mean = values.Average(), spread = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            (_mean[k], _spread[k]) = ((float)mean, spread > 0 ? (float)spread : 1);
        }
    }

    private static float[] InverseFrequencies(EncodedExamples examples, int vocabSize)
    {
        var documents = new int[vocabSize];
        var seen = new HashSet<int>();
        for (long i = 0; i < examples.Count; i++)
        {
            seen.Clear();
            foreach (int id in examples.TokensOf(i))
                if (seen.Add(id)) documents[id]++;
        }
        return [.. documents.Select(d => (float)Math.Log((1.0 + examples.Count) / (1.0 + d)))];
    }

    /// <summary>The tokens of an example with their weights, and a constant behind them for the bias.</summary>
    private sealed class Bag(float[] idf)
    {
        private readonly Dictionary<int, int> _counts = [];

        public List<(int Id, float Value)> Items { get; } = [];

        public void Read(ReadOnlySpan<int> tokens)
        {
            _counts.Clear();
            Items.Clear();
            foreach (int id in tokens) _counts[id] = _counts.GetValueOrDefault(id) + 1;
            double norm = 0;
            foreach (var (id, count) in _counts)
            {
                double value = (1 + Math.Log(count)) * idf[id];
                norm += value * value;
                Items.Add((id, (float)value));
            }
            float scale = norm > 0 ? (float)(1 / Math.Sqrt(norm)) : 0;
            for (int i = 0; i < Items.Count; i++) Items[i] = (Items[i].Id, Items[i].Value * scale);
            Items.Add((idf.Length, 1));
        }
    }
}
