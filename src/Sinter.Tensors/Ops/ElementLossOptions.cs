namespace Sinter.Tensors.Ops;

/// <summary>How far a predicted number x is from a given number y.</summary>
public enum ElementLossKind
{
    /// <summary>(x − y)²: PyTorch's <c>MSELoss</c>.</summary>
    SquaredError,
    /// <summary>|x − y|: <c>L1Loss</c>; its derivative at 0 is 0.</summary>
    AbsoluteError,
    /// <summary>½(x − y)² up to a distance of δ, beyond it δ · (|x − y| − ½δ): Huber, "Robust estimation of a location parameter" (1964); <c>HuberLoss</c>.</summary>
    Huber,
    /// <summary>−y · log σ(x) − (1 − y) · log(1 − σ(x)), y in [0, 1]: <c>BCEWithLogitsLoss</c>.</summary>
    BinaryCrossEntropy,
}

/// <summary>How a loss over numbers is taken.</summary>
public readonly record struct ElementLossOptions()
{
    /// <summary>The distance.</summary>
    public ElementLossKind Kind { get; init; }

    /// <summary>Huber's δ, more than 0.</summary>
    public float Delta { get; init; } = 1;

    /// <summary>Whether distances are added up and not divided; the mean over rows and columns otherwise.</summary>
    public bool IsSum { get; init; }

    /// <summary>Rows of the whole global batch, which a mean is taken over, so that the gradient is the same however the batch is cut. 0 takes those at
    /// hand.</summary>
    public long RowCount { get; init; }

    /// <summary>Factors of the columns, float32 [K], or none.</summary>
    public Tensor Weights { get; init; }

    /// <summary>Refuses options out of range.</summary>
    internal void Check(string op, long columns)
    {
        if (RowCount < 0) throw new ArgumentException($"[{op}] a row count of {RowCount} is negative.");
        if (!(Delta > 0 && float.IsFinite(Delta))) throw new ArgumentException($"[{op}] a delta of {Delta} is no finite number above 0.");
        if (!Weights.IsNone && Weights.Shape != new Shape(columns))
            throw new ArgumentException($"[{op}] the weights {Weights.Shape} are not [{columns}], one for each column.");
    }
}
