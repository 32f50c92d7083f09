using Sinter.Checkpoints.State;

namespace Sinter.Training.Averaging;

/// <summary>An average of the weights over steps, which is evaluated and becomes the finished model; training goes on with the weights themselves.</summary>
public interface IWeightAverage : IStateful
{
    /// <summary>Takes up the weights after a step.</summary>
    void Observe(long step);

    /// <summary>Puts the average in the weights' place until the result is disposed; then the weights are back, to the bit.</summary>
    IDisposable Swap();
}
