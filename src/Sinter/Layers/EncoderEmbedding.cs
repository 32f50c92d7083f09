using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>BERT's embedding (Devlin et al., 2019, section 3): rows for token, place and type of text, added, normalized, and then dropout.</summary>
/// <param name="table">[V, C].</param>
/// <param name="positions">[P, C].</param>
/// <param name="types">A row for each type of text, [types, C], or none.</param>
/// <param name="norm">Of the sum.</param>
/// <param name="dropout">Of the norm.</param>
/// <param name="padding">The id of padding where places are counted from the one after it, as RoBERTa's are; null counts from 0.</param>
public sealed class EncoderEmbedding(Tensor table, Tensor positions, Tensor types, Norm norm, Dropout dropout, int? padding = null)
    : EmbeddingLayer(table, positions, dropout)
{
    private readonly Tensor _positions = positions, _types = types;
    private readonly Dropout _dropout = dropout;

    /// <inheritdoc/>
    public override Tensor Forward(Tensor tokens, in ForwardContext context)
    {
        var x = padding is { } id ? Op.Embedding(tokens, Table, _positions, TokenPlaces.Counting(tokens, context.Segments, id)) : Rows(tokens, context);
        if (!_types.IsNone) x = AddTypes(x, context.TokenTypes);
        return _dropout.Forward(norm.Forward(x, DType.Float32), context);
    }

    private Tensor AddTypes(Tensor x, Tensor given) => given.IsNone ? Op.AddBias(x, _types.Slice(0, 1).Reshape(_types.Shape[1]))
        : Op.Add(x, Op.Embedding(given, _types));
}
