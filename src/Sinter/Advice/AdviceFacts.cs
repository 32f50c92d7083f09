using Sinter.Checkpoints.Weights;
using Sinter.Layers;
using Sinter.Models;
using Sinter.Monitoring;

namespace Sinter.Advice;

/// <summary>What advice follows from.</summary>
/// <param name="Parameters">All trained elements.</param>
/// <param name="BlockParameters">Those of the Transformer blocks, without embeddings and head: N in the literature on scaling.</param>
/// <param name="VocabSize">Tokens of the vocabulary.</param>
/// <param name="ContextLength">Tokens of a sequence.</param>
/// <param name="TrainTokens">Tokens of one pass over the training part.</param>
/// <param name="History">An earlier run's metrics, oldest first; empty if there is none.</param>
public sealed record AdviceFacts(long Parameters, long BlockParameters, int VocabSize, int ContextLength, long TrainTokens, IReadOnlyList<MetricsLine> History)
{
    /// <summary>What is known of examples or chats; null where the model learns from text.</summary>
    public ExampleFacts? Examples { get; init; }

    /// <summary>The facts of a model and a text.</summary>
    /// <param name="config">The model.</param>
    /// <param name="trainTokens">Tokens of the training part.</param>
    /// <param name="history">An earlier run's metrics, oldest first.</param>
    public static AdviceFacts Of(ModelConfig config, long trainTokens, IReadOnlyList<MetricsLine> history)
    {
        ArgumentNullException.ThrowIfNull(config);
        var weights = ModelWeights.Plan(config);
        long blocks = weights.Where(w => Parameter.BlockOf(w.Name) is not null).Sum(w => w.Elements);
        return new AdviceFacts(weights.Sum(w => w.Elements), blocks, config.VocabSize, config.ContextLength, trainTokens, history);
    }
}

/// <summary>What advice on examples, or chats, follows from.</summary>
/// <param name="Count">Sequences of a pass: examples, chats, or rows of several.</param>
/// <param name="Targets">Targets of a pass: an example has one, a chat a token of an answer each.</param>
/// <param name="Metric">What an evaluation is judged by, by the names of <c>metrics.jsonl</c>.</param>
/// <param name="IsPretrained">Whether the model knows something already.</param>
/// <param name="HasAdapter">Whether an adapter is trained in place of the model.</param>
public sealed record ExampleFacts(long Count, long Targets, string Metric, bool IsPretrained, bool HasAdapter);
