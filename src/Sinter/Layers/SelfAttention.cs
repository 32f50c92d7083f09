using Sinter.Tensors;
using Sinter.Tensors.Ops;

namespace Sinter.Layers;

/// <summary>The heads of an attention.</summary>
/// <param name="NumHeads">Query heads.</param>
/// <param name="NumKvHeads">Key and value heads.</param>
/// <param name="HeadSize">Numbers in a head.</param>
public readonly record struct HeadLayout(int NumHeads, int NumKvHeads, int HeadSize)
{
    /// <summary>Columns of the queries.</summary>
    public int QueryWidth => NumHeads * HeadSize;

    /// <summary>Columns of the keys, and of the values.</summary>
    public int KvWidth => NumKvHeads * HeadSize;
}

/// <summary>Projects rows to queries, keys and values: with one matrix (GPT-2) or three (Llama).</summary>
public abstract class AttentionProjection
{
    /// <summary>The three roles of x [B, T, C], queries and keys turned by their positions where there is a table.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="context">The position of the first row, and what adapters need.</param>
    /// <param name="rotary">Rotary positions, or null.</param>
    public abstract (HeadColumns Query, HeadColumns Key, HeadColumns Value) Forward(Tensor x, in ForwardContext context, RotaryTable? rotary = null);
}

/// <summary>One matrix: queries, keys and values lie side by side.</summary>
/// <param name="projection">The matrix.</param>
/// <param name="heads">The heads.</param>
public sealed class FusedProjection(Linear projection, HeadLayout heads) : AttentionProjection
{
    /// <inheritdoc/>
    public override (HeadColumns Query, HeadColumns Key, HeadColumns Value) Forward(Tensor x, in ForwardContext context, RotaryTable? rotary = null)
    {
        // Where only attention's products read them.
        var type = rotary is null && context.Cache is null ? x.Device.OperandType : DType.Float32;
        var all = projection.Forward(x, context, type: type);
        if (rotary is not null) all = Op.Rotary(all, rotary, context.FirstPosition, heads.NumHeads + heads.NumKvHeads);
        return (new HeadColumns(all), new HeadColumns(all, heads.QueryWidth), new HeadColumns(all, heads.QueryWidth + heads.KvWidth));
    }
}

/// <summary>Norms of each head's queries and keys, before their positions turn them.</summary>
/// <param name="Query">Of the queries.</param>
/// <param name="Key">Of the keys.</param>
/// <param name="HeadSize">Extent of a row.</param>
public sealed record HeadNorms(Norm Query, Norm Key, int HeadSize)
{
    /// <summary>Rows of x [B, T, H·D] are heads.</summary>
    internal Tensor Forward(Norm norm, Tensor x) => norm.Forward(x.Reshape(x.Count / HeadSize, HeadSize), DType.Float32).Reshape(x.Shape);
}

/// <summary>Three matrices.</summary>
/// <param name="query">Of the queries.</param>
/// <param name="key">Of the keys.</param>
/// <param name="value">Of the values.</param>
/// <param name="norms">Of queries and keys, or null.</param>
public sealed class SeparateProjection(Linear query, Linear key, Linear value, HeadNorms? norms = null) : AttentionProjection
{
    /// <inheritdoc/>
    public override (HeadColumns Query, HeadColumns Key, HeadColumns Value) Forward(Tensor x, in ForwardContext context, RotaryTable? rotary = null)
    {
        Tensor q = query.Forward(x, context), k = key.Forward(x, context), v = value.Forward(x, context);
        if (norms is not null) (q, k) = (norms.Forward(norms.Query, q), norms.Forward(norms.Key, k));
        if (rotary is not null) (q, k) = (Op.Rotary(q, rotary, context.FirstPosition), Op.Rotary(k, rotary, context.FirstPosition));
        return (new HeadColumns(q), new HeadColumns(k), new HeadColumns(v));
    }
}

/// <summary>What queries see, and how scores become weights.</summary>
/// <param name="Heads">The heads.</param>
public sealed record AttentionSettings(HeadLayout Heads)
{
    /// <summary>Whether a query sees only its own position and those before it.</summary>
    public bool Causal { get; init; } = true;

    /// <summary>The most positions that a query sees, its own included; 0 is all.</summary>
    public int Window { get; init; }

    /// <summary>c of c · tanh(score ÷ c); 0 leaves scores as they are.</summary>
    public double SoftCap { get; init; }

    /// <summary>The factor of the scores; 0 is 1 ÷ √head size.</summary>
    public double Scale { get; init; }

    /// <summary>Probability of dropping an attention weight.</summary>
    public double Dropout { get; init; }
}

/// <summary>Self-attention, with rotary positions where there is a table. The residual is added to the result.</summary>
/// <param name="index">The layer's number, for the cache.</param>
/// <param name="path">The layer's path, for dropout.</param>
/// <param name="settings">The heads, and what they see.</param>
/// <param name="projection">To queries, keys and values.</param>
/// <param name="output">Back to the residual stream.</param>
/// <param name="rotary">Rotary positions, or null.</param>
/// <param name="branch">What is dropped of the result.</param>
public sealed class SelfAttention(int index, string path, AttentionSettings settings, AttentionProjection projection, Linear output, RotaryTable? rotary,
    BranchDropout branch)
{
    private readonly uint _site = StableHash.Of(path + ".attention_dropout");

    /// <summary>residual + attention(x).</summary>
    public Tensor Forward(Tensor x, Tensor residual, in ForwardContext context)
    {
        var (query, key, value) = projection.Forward(x, context, rotary);
        long keyLength = 0;
        if (context.Cache is { } cache) (key, value, keyLength) = cache.Append(index, key, value);
        var options = new AttentionOptions
        {
            NumHeads = settings.Heads.NumHeads,
            NumKvHeads = settings.Heads.NumKvHeads,
            HeadSize = settings.Heads.HeadSize,
            KeyLength = keyLength,
            Causal = settings.Causal,
            Window = settings.Window,
            SoftCap = (float)settings.SoftCap,
            Scale = (float)settings.Scale,
            Dropout = context.Training ? (float)settings.Dropout : 0,
            DropoutKey = context.Key(_site),
        };
        return branch.AddTo(residual, output, Op.Attention(query, key, value, options, new AttentionExtras(context.Segments)), context);
    }
}
