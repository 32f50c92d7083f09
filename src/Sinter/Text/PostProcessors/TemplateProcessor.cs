namespace Sinter.Text.PostProcessors;

/// <summary>One item of a template: a text or special tokens, and their segment.</summary>
/// <param name="Text">0 for the first text, 1 for the second; −1 for special tokens.</param>
/// <param name="TypeId">The segment.</param>
/// <param name="Tokens">The special tokens.</param>
internal sealed record TemplateItem(int Text, int TypeId, IReadOnlyList<EncodedToken> Tokens);

/// <summary>
/// <c>TemplateProcessing</c>: what stands around one text, and around and between two. <c>BertProcessing</c> and <c>RobertaProcessing</c> are templates
/// of their own.
/// </summary>
/// <param name="single">For one text.</param>
/// <param name="pair">For two.</param>
internal sealed class TemplateProcessor(IReadOnlyList<TemplateItem> single, IReadOnlyList<TemplateItem> pair) : IPostProcessor
{
    /// <inheritdoc/>
    public int Added(bool isPair) => (isPair ? pair : single).Sum(i => i.Tokens.Count);

    /// <inheritdoc/>
    public List<List<EncodedToken>> Process(List<List<EncodedToken>> parts, bool addSpecialTokens)
    {
        List<List<EncodedToken>> made = [];
        foreach (TemplateItem item in parts.Count > 1 ? pair : single)
        {
            // A text's tokens are of the segment of its number until a template says otherwise, and later steps change a part in place.
            if (item.Text >= 0)
                made.Add(item.TypeId == item.Text && !made.Contains(parts[item.Text]) ? parts[item.Text] : [.. parts[item.Text].Select(t => t with { TypeId = item.TypeId })]);
            else if (addSpecialTokens) made.Add([.. item.Tokens.Select(t => t with { TypeId = item.TypeId })]);
        }
        return made;
    }
}
