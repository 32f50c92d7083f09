namespace Sinter.Tensors.Ops;

/// <summary>
/// The operations. Each is one file: definition, forward kernel, backward. Tensors are float32 unless said otherwise; an operation records itself on the
/// device's tape when an input wants a gradient. B is the batch, T the sequence, C the width, V the vocabulary, H heads and D the size of a head.
/// </summary>
public static partial class Op;
