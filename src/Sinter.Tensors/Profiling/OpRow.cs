namespace Sinter.Tensors.Profiling;

/// <summary>What one kind of operation came to in the profiled steps, its forward or its backward part.</summary>
/// <param name="Op">The operation's name, as in its errors: <c>linear</c>, <c>attention</c>; <see cref="OpProfile.Rest"/> is what belongs to none.</param>
/// <param name="IsBackward">Whether this is the backward part.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Seconds">Wall time, the preparation up to the next operation's beginning included.</param>
/// <param name="Operations">Multiplications and additions of its matrix products; other arithmetic is not counted.</param>
/// <param name="Bytes">Bytes of the buffers it read and wrote, see <see cref="OpProfile"/>.</param>
public readonly record struct OpRow(string Op, bool IsBackward, long Calls, double Seconds, double Operations, double Bytes);

/// <summary>What the matrix products of one shape came to.</summary>
/// <param name="M">Rows of the result.</param>
/// <param name="N">Columns of the result.</param>
/// <param name="K">Extent that is summed over.</param>
/// <param name="TransposedA">Whether the first factor was read transposed.</param>
/// <param name="TransposedB">Whether the second factor was read transposed.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Seconds">Wall time.</param>
public readonly record struct ProductRow(long M, long N, long K, bool TransposedA, bool TransposedB, long Calls, double Seconds)
{
    /// <summary>Multiplications and additions of all calls: 2·M·N·K each.</summary>
    public double Operations => 2.0 * M * N * K * Calls;
}
