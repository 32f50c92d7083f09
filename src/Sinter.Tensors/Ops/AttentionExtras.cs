namespace Sinter.Tensors.Ops;

/// <summary>Tensors that an attention may take beside its three roles.</summary>
/// <param name="Segments">int32 [B, S]: a query sees only keys of its own segment, as where several texts are packed into one sequence, or padding
/// is a segment of its own.</param>
/// <param name="QuerySegments">int32 [B, T]: the queries' segments; without them the queries are the last T of the keys.</param>
/// <param name="Bias">[H, T, S], added to the scores after scale and soft cap; it gets a gradient where it wants one. With a bias attention runs on
/// its composition.</param>
public readonly record struct AttentionExtras(Tensor Segments = default, Tensor QuerySegments = default, Tensor Bias = default);
