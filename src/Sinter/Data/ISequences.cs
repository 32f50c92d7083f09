namespace Sinter.Data;

/// <summary>Sequences of tokens by number, with their targets: the token after each position. A batch is rows of them, as wide as its longest; behind the end of
/// a shorter one, on the right, positions have no target, and with causal attention no position before them sees them.</summary>
public interface ISequences
{
    /// <summary>The target of positions that have none, which losses leave out: PyTorch's <c>ignore_index</c>.</summary>
    const int IgnoredTarget = -100;

    /// <summary>The positions that a row needs for a sequence.</summary>
    int WidthOf(long sequence);

    /// <summary>Whether positions have segments: texts packed into a row, or padding that positions would see otherwise.</summary>
    bool HasSegments => false;

    /// <summary>Whether positions have types of text: pairs, of which an encoder learns which text is which.</summary>
    bool HasTypes => false;

    /// <summary>The numbers that go with each sequence; 0 where there are none.</summary>
    int ValueCount => 0;

    /// <summary>Fills a sequence into a row.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="row">At least as wide as the sequence; behind its end the id 0, <see cref="IgnoredTarget"/> and, where there are segments, one of its own.</param>
    /// <returns>The number of real targets.</returns>
    int Fill(long sequence, SequenceRow row);
}
