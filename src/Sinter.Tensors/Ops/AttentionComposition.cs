namespace Sinter.Tensors.Ops;

public static unsafe partial class Op
{
    public static partial class Compose
    {
        /// <summary>
        /// <see cref="Op.Attention"/> of plain operations; the scores of all heads are held. A dropout drops others than the fused kernel's.
        /// </summary>
        /// <inheritdoc cref="Op.Attention" path="/param"/>
        public static Tensor Attention(HeadColumns query, HeadColumns key, HeadColumns value, AttentionOptions options,
            AttentionExtras extras = default)
        {
            CheckAttention(query, key, value, options);
            CheckExtras(extras, query.Tensor.Shape, key.Tensor.Shape, options);
            long batch = query.Tensor.Shape[0], queries = query.Tensor.Shape[1],
                keys = options.KeyLength > 0 ? options.KeyLength : key.Tensor.Shape[1];
            int heads = options.NumHeads, size = options.HeadSize;
            // The query heads of a group lie one after the other, so for the products they are more rows of one head.
            long groups = batch * options.NumKvHeads, rows = heads / options.NumKvHeads * queries;
            Tensor q = HeadsFirst(query, heads, size, queries).Reshape(groups, rows, size);
            Tensor k = HeadsFirst(key, options.NumKvHeads, size, keys).Reshape(groups, keys, size),
                v = HeadsFirst(value, options.NumKvHeads, size, keys).Reshape(groups, keys, size);
            float scale = options.Scale == 0 ? 1 / MathF.Sqrt(size) : options.Scale;
            var scores = Scale(MatMul(q, k, transposeB: true), scale).Reshape(batch, heads * queries, keys);
            if (options.SoftCap != 0) scores = Scale(Tanh(Scale(scores, 1 / options.SoftCap)), options.SoftCap);
            if (options.Causal || options.Window > 0 || !extras.Segments.IsNone) scores = Add(scores, Hidden(scores, queries, options, extras));
            var weights = Softmax(scores, extras.Bias.IsNone ? default : extras.Bias.Reshape(heads * queries, keys));
            if (options.Dropout > 0) weights = Dropout(weights, options.Dropout, options.DropoutKey);
            var result = MatMul(weights.Reshape(groups, rows, keys), v).Reshape(batch, heads, queries, size);
            return Permute(result, 0, 2, 1, 3).Reshape(batch, queries, heads * size);
        }

        /// <summary>The first rows of a role, [B, T, ..] from its column on, as [B, H, length, D].</summary>
        private static Tensor HeadsFirst(HeadColumns role, int heads, int size, long length)
        {
            var x = role.Tensor;
            long batch = x.Shape[0], rows = x.Shape[1], width = x.Shape[2];
            var turned = width == heads * size
                ? Permute(x.Reshape(batch, rows, heads, size), 0, 2, 1, 3)
                : Permute(Transpose(x.Reshape(batch * rows, width)).Slice(role.Column, heads * size).Reshape(heads, size, batch, rows), 2, 0, 3, 1);
            return length == rows ? turned : Permute(Permute(turned, 2, 0, 1, 3).Slice(0, length), 1, 2, 0, 3);
        }

        /// <summary>0 where a query sees a key and −∞ where it does not, [B, H·T, S] like the scores.</summary>
        private static Tensor Hidden(Tensor scores, long queries, AttentionOptions o, AttentionExtras extras)
        {
            var hidden = scores.Device.Empty(scores.Shape);
            long keys = scores.Shape[2], rows = scores.Shape[0] * scores.Shape[1];
            bool segmented = !extras.Segments.IsNone, own = !extras.QuerySegments.IsNone;
            int* keySegments = segmented ? extras.Segments.Data<int>(DType.Int32, "attention") : null,
                querySegments = own ? extras.QuerySegments.Data<int>(DType.Int32, "attention") : keySegments;
            for (long row = 0; row < rows; row++)
            {
                long batch = row / scores.Shape[1], query = row % queries, position = query + keys - queries,
                    stride = segmented ? extras.Segments.Shape[1] : 0;
                int* seen = keySegments + batch * stride;
                int segment = !segmented ? 0 : own ? querySegments[batch * queries + query] : seen[position];
                for (long key = 0; key < keys; key++)
                {
                    bool sees = (!o.Causal || key <= position) && (o.Window == 0 || key > position - o.Window) && (!segmented || seen[key] == segment);
                    hidden.F32()[row * keys + key] = sees ? 0 : float.NegativeInfinity;
                }
            }
            return hidden;
        }
    }
}
