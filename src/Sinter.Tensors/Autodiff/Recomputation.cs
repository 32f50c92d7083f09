namespace Sinter.Tensors.Autodiff;

/// <summary>What the entry of a checkpointed segment holds: the segment and its arguments. Entries keep theirs, so that a step allocates none.</summary>
internal sealed class Recomputation<T>
{
    public static readonly BackwardFunction Function = Backward;

    private Segment<T> _segment = null!;
    private T _arguments = default!;

    public static void Record(TapeEntry entry, Segment<T> segment, Tensor input, in T arguments)
    {
        if (entry.Recomputation is not Recomputation<T> saved) entry.Recomputation = saved = new Recomputation<T>();
        (saved._segment, saved._arguments) = (segment, arguments);
        entry.Add(input);
    }

    private static void Backward(TapeEntry entry)
    {
        var saved = (Recomputation<T>)entry.Recomputation!;
        entry.Output.Device.Tape.Recompute(entry, saved._segment, saved._arguments);
    }
}

internal static class Recomputation
{
    /// <summary>The scope in which segments are computed, and their row in a profile.</summary>
    public const string Name = "checkpoint";
}
