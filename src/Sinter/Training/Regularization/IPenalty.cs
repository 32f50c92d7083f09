namespace Sinter.Training.Regularization;

/// <summary>A term of the loss that depends on the weights alone. Called once a step, after the gradient of the global batch is whole and before it is clipped.</summary>
public interface IPenalty
{
    /// <summary>Adds the penalty's gradient to those of its weights.</summary>
    /// <returns>The penalty, which is logged apart from the loss.</returns>
    double Add();
}
