namespace Sinter.Tensors.Ops;

/// <summary>What a dropout mask depends on, beside the element's place in its sample: never the order of calls or how a batch was cut.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">The optimizer step.</param>
/// <param name="Site">Which module of the model drops; a hash of its path.</param>
/// <param name="FirstSample">The place in the global batch of the first sample of this tensor.</param>
public readonly record struct DropoutKey(ulong Seed, long Step, uint Site, long FirstSample)
{
    private const ulong Domain = 0x44726f70UL << 32;   // "Drop", in the counter's last word: other uses of the seed leave it near zero

    /// <summary>The positions of the longest sequence there may be, where rows are only as long as the longest at hand: the mask of attention weights has room for so
    /// many, so that it does not depend on how a batch was cut. 0: the rows at hand.</summary>
    public long LongestSequence { get; init; }

    /// <summary>The generator's key for this step and site.</summary>
    internal ulong Mixed => Philox.Block(Seed, (ulong)Step, Domain | Site).Low;
}
