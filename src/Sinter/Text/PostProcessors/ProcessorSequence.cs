namespace Sinter.Text.PostProcessors;

/// <summary><c>Sequence</c>: one post-processor after the other.</summary>
internal sealed class ProcessorSequence(IPostProcessor[] steps) : IPostProcessor
{
    /// <inheritdoc/>
    public int Added(bool pair) => steps.Sum(s => s.Added(pair));

    /// <inheritdoc/>
    public List<List<EncodedToken>> Process(List<List<EncodedToken>> parts, bool addSpecialTokens) =>
        steps.Aggregate(parts, (current, step) => step.Process(current, addSpecialTokens));
}
