using Sinter.Tensors;
using Sinter.Tensors.Autodiff;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>What a forward pass needs beside its input.</summary>
public readonly record struct ForwardContext
{
    /// <summary>Whether dropout is on.</summary>
    public bool Training { get; init; }

    /// <summary>The run's seed, for dropout.</summary>
    public ulong Seed { get; init; }

    /// <summary>The step, for dropout.</summary>
    public long Step { get; init; }

    /// <summary>The global index of the batch's first sequence, for dropout.</summary>
    public long FirstSample { get; init; }

    /// <summary>Whether the tape keeps only the input of each block, whose inside the backward pass computes again
    /// (<see cref="Tape.Checkpoint{T}"/>).</summary>
    public bool CheckpointActivations { get; init; }

    /// <summary>The positions of the longest sequence there may be, for dropout; 0 where rows always have as many.</summary>
    public long LongestSequence { get; init; }

    /// <summary>int32 [B, T], or none: positions see only those of their own segment. Texts packed into a row count their segments from 0; padding has one of
    /// its own.</summary>
    public Tensor Segments { get; init; }

    /// <summary>int32 [B, T], or none: the type of text at each position, of encoders that know types; without them all are of type 0.</summary>
    public Tensor TokenTypes { get; init; }

    /// <summary>Keys and values of the positions before; null computes the sequence from its beginning.</summary>
    public KeyValueCache? Cache { get; init; }

    /// <summary>Looks at the residual stream on its way; null does not.</summary>
    public IStreamObserver? Observer { get; init; }

    /// <summary>The position of the first token.</summary>
    public long FirstPosition => Cache?.Length ?? 0;

    /// <summary>x, after the observer has seen it.</summary>
    internal Tensor Observed(Tensor x) => Observer is { } observer ? observer.Observe(x) : x;

    /// <summary>The dropout key of a site of the model.</summary>
    public DropoutKey Key(uint site) => new(Seed, Step, site, FirstSample) { LongestSequence = LongestSequence };
}
