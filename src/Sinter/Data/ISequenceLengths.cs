namespace Sinter.Data;

/// <summary>Sequences by number, of different lengths.</summary>
internal interface ISequenceLengths
{
    /// <summary>The number of sequences.</summary>
    long Count { get; }

    /// <summary>The positions of a sequence.</summary>
    int LengthOf(long sequence);
}
