using Sinter.Tensors;

namespace Sinter.Data;

/// <summary>
/// Fills micro-batches with windows of training tokens. Which tokens a sample has is a function of (seed, global sample index) alone, whatever was
/// asked before: a run resumes at sample <c>step · samples per step</c>, and how a step is cut into micro-batches or ranks has no effect. Keeps
/// nothing, allocates nothing; safe on several threads.
/// </summary>
public sealed class WindowSampler : ITrainingSequences
{
    // "OFFS", "EPOC", "PHAS" in ASCII: they keep these uses of the seed apart from each other, and from dropout's.
    private const uint OffsetStream = 0x4F464653, EpochStream = 0x45504F43, PhaseStream = 0x50484153;

    private readonly TokenArray _tokens;
    private readonly WindowOrder _order;
    private readonly ulong _seed;
    private readonly bool _randomPhase;

    /// <summary>Creates a sampler.</summary>
    /// <param name="tokens">The training tokens.</param>
    /// <param name="contextLength">The tokens of a window.</param>
    /// <param name="seed">Decides the order.</param>
    /// <param name="order">The order.</param>
    /// <param name="randomPhase">With <see cref="WindowOrder.Epochs"/>, begins each epoch's first window at a random one of the first tokens, so that
    /// the cuts
    /// fall elsewhere each time; an epoch then leaves out at most two contexts of tokens at the text's ends.</param>
    /// <exception cref="DataException">There is not one window.</exception>
    public WindowSampler(TokenArray tokens, int contextLength, ulong seed, WindowOrder order, bool randomPhase = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(contextLength, 1);
        if (tokens.Length < contextLength + 1L)
            throw new DataException($"{tokens.Length} training tokens do not fill a context of {contextLength} and the token after it; "
                + "give more text or lower model.context_length");
        (_tokens, ContextLength, _seed, _order, _randomPhase) = (tokens, contextLength, seed, order, randomPhase);
        PerPass = randomPhase ? Math.Max(1, (tokens.Length - contextLength) / contextLength) : (tokens.Length - 1) / contextLength;
    }

    /// <summary>The tokens of a window.</summary>
    public int ContextLength { get; }

    /// <summary>The windows that do not overlap: the samples of an epoch.</summary>
    public long PerPass { get; }

    /// <inheritdoc/>
    public bool HasOneLength => true;

    /// <inheritdoc/>
    public int WidthOf(long sequence) => ContextLength;

    /// <inheritdoc/>
    public long TargetsOf(long first, long count) => count * ContextLength;

    /// <inheritdoc/>
    public long BucketEnd(long sequence) => long.MaxValue;

    /// <inheritdoc/>
    public string Describe(long first, long count) =>
        $"the windows {first} to {first + count - 1}, which begin at token {StartOf(first)} of the training text";

    /// <summary>Fills samples of the global batch.</summary>
    /// <param name="sequence">The global index of the first sample, counted from the beginning of the run.</param>
    /// <param name="inputs">[batch, context], row after row; its length decides the batch.</param>
    /// <param name="targets">[batch, context]: the inputs moved on by one token.</param>
    /// <returns>The number of targets.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or are no multiple of the context.</exception>
    public int Fill(long sequence, Span<int> inputs, Span<int> targets)
    {
        if (inputs.Length != targets.Length || inputs.Length % ContextLength != 0)
            throw new ArgumentException(
                $"inputs [{inputs.Length}] and targets [{targets.Length}] must have the same length, a multiple of the context {ContextLength}");
        for (int row = 0; row * ContextLength < inputs.Length; row++)
        {
            long start = StartOf(sequence + row);
            _tokens.CopyTo(start, inputs.Slice(row * ContextLength, ContextLength));
            _tokens.CopyTo(start + 1, targets.Slice(row * ContextLength, ContextLength));
        }
        return targets.Length;
    }

    /// <summary>The index of a sample's first token.</summary>
    public long StartOf(long sample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sample);
        if (_order == WindowOrder.RandomOffsets)
            return (long)Philox.Below((ulong)(_tokens.Length - ContextLength), _seed, (ulong)sample, OffsetStream);
        (long epoch, long position) = Math.DivRem(sample, PerPass);
        SeededPermutation permutation = new(PerPass, _seed, (ulong)EpochStream << 24 ^ (ulong)epoch);
        return Phase(epoch) + permutation[position] * ContextLength;
    }

    private long Phase(long epoch)
    {
        if (!_randomPhase) return 0;
        long choices = Math.Min(ContextLength, _tokens.Length - PerPass * ContextLength);
        return (long)Philox.Below((ulong)choices, _seed, (ulong)epoch, PhaseStream);
    }

    /// <inheritdoc/>
    int ISequences.Fill(long sequence, SequenceRow row) => Fill(sequence, row.Inputs, row.Targets);
}
