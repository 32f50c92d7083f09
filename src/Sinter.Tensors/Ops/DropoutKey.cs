namespace Sinter.Tensors.Ops;

/// <summary>What a dropout mask is a function of, beside the element: never the order of calls or the cut into micro-batches.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Step">The step.</param>
/// <param name="Site">Which dropout of the model, from its path.</param>
/// <param name="FirstSample">The global index of the batch's first sequence.</param>
public readonly record struct DropoutKey(ulong Seed, long Step, uint Site, long FirstSample)
{
    private const ulong Domain = 0x44726f70UL << 32;   // "Drop", in the counter's last word: other uses of the seed leave it near zero

    /// <summary>The generator's key for this step and site.</summary>
    internal ulong Mixed => Philox.Block(Seed, (ulong)Step, Domain | Site).Low;
}
