namespace Sinter.Text.PostProcessors;

/// <summary>Puts special tokens around the tokens of texts. Immutable, so that threads share it.</summary>
internal interface IPostProcessor
{
    /// <summary>The number of special tokens that it adds to one text or to a pair.</summary>
    int Added(bool pair);

    /// <summary>Takes parts, at first one for each text, and gives those that follow each other.</summary>
    List<List<EncodedToken>> Process(List<List<EncodedToken>> parts, bool addSpecialTokens);
}
