namespace Sinter.Training.Unfreezing;

/// <summary>Decides at each step which parameters are trained. What it decides is a function of the step, so there is nothing to save.</summary>
public interface IUnfreezing
{
    /// <summary>Lets gradients flow to the parameters that step <paramref name="step"/> trains, and to no others.</summary>
    void Begin(long step);
}
