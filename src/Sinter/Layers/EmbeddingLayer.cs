using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>Tokens to the residual stream: a row for each token and, where positions are learned, one for each place, counted from 0 in each segment.</summary>
/// <param name="table">[V, C].</param>
/// <param name="positions">[P, C], or none.</param>
/// <param name="dropout">Of the sum.</param>
/// <param name="scale">Factor of the sum.</param>
public class EmbeddingLayer(Tensor table, Tensor positions, Dropout dropout, double scale = 1)
{
    /// <summary>The row of each token, [V, C]; also the head of a model that ties them.</summary>
    public Tensor Table => table;

    /// <summary>int32 [B, T] to [B, T, C].</summary>
    public virtual Tensor Forward(Tensor tokens, in ForwardContext context)
    {
        var x = Rows(tokens, context);
        return dropout.Forward(scale == 1 ? x : Op.Scale(x, (float)scale), context);
    }

    private protected Tensor Rows(Tensor tokens, in ForwardContext context) => positions.IsNone || context.Segments.IsNone
        ? Op.Embedding(tokens, table, positions, context.FirstPosition)
        : Op.Embedding(tokens, table, positions, TokenPlaces.Restarting(context.Segments));
}
