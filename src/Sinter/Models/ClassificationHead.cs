using Sinter.Layers;
using Sinter.Tensors;

namespace Sinter.Models;

/// <summary>What makes a text's logits out of the hidden state of one of its positions: dropout, a map with a function, dropout, a map, as far as a family has
/// them.</summary>
/// <param name="output">The last map, to a number for each label.</param>
internal sealed class ClassificationHead(Linear output)
{
    /// <summary>Before the first map.</summary>
    public Dropout? First { get; init; }

    /// <summary>The first map.</summary>
    public Linear? Dense { get; init; }

    /// <summary>After the first map.</summary>
    public Func<Tensor, Tensor>? Function { get; init; }

    /// <summary>Before the last map.</summary>
    public Dropout? Last { get; init; }

    /// <summary>The last map.</summary>
    public Linear Output => output;

    /// <summary>Hidden states [N, C] to what the last map reads, [N, C].</summary>
    public Tensor Features(Tensor x, in ForwardContext context)
    {
        if (First is not null) x = First.Forward(x, context);
        if (Dense is not null) x = Dense.Forward(x, context);
        if (Function is not null) x = Function(x);
        return Last is null ? x : Last.Forward(x, context);
    }
}
