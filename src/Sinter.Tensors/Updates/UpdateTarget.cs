namespace Sinter.Tensors.Updates;

/// <summary>A weight and what its optimizer remembers of it, all of one shape and type, float32 or float64.</summary>
/// <param name="Weight">The weight; its gradient is read.</param>
/// <param name="Rule">Which of the update's rules applies.</param>
/// <param name="First">The first state, or none: then it costs nothing.</param>
/// <param name="Second">The second state, or none.</param>
/// <param name="Third">The third state, or none.</param>
public readonly record struct UpdateTarget(Tensor Weight, int Rule, Tensor First = default, Tensor Second = default, Tensor Third = default)
{
    /// <summary>The most states that a rule can have.</summary>
    public const int MostStates = 3;

    /// <summary>State number <paramref name="index"/>, from 0.</summary>
    public Tensor State(int index) => index switch
    {
        0 => First,
        1 => Second,
        2 => Third,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, $"A weight has {MostStates} states at most."),
    };
}
