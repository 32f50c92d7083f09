namespace Sinter.Data;

/// <summary>Texts as inputs and targets, by number: documents, chats. Several may share a row (<see cref="PackedRows"/>).</summary>
internal interface ITextSequences : ISequenceLengths
{
    /// <summary>The most positions of a text.</summary>
    int ContextLength { get; }

    /// <summary>The targets of a text, which not all of its positions need have.</summary>
    int TargetsOf(long sequence);

    /// <summary>Fills a text into the beginning of a row's part; behind its end the id 0 and no targets.</summary>
    /// <returns>The number of real targets.</returns>
    int Fill(long sequence, Span<int> inputs, Span<int> targets);

    /// <summary>Where a text is from, for messages: <c>chats.jsonl:12</c>.</summary>
    string PlaceOf(long sequence);
}
