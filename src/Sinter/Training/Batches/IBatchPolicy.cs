namespace Sinter.Training.Batches;

/// <summary>How many sequences a step has. The sequences themselves come from the sampler, in its order, so any policy sees the same text.</summary>
/// <remarks>
/// <para>The number of sequences is a function of the arguments alone: a run is planned by asking in advance, and resumed by asking again. Only the cut into
/// micro-batches, which changes no result but in its last bits, may depend on more.</para>
/// <para>The loss of a step is a mean over its targets, and its learning rate is that of the schedule, whatever the size of the batch: nothing is scaled in secret.
/// Who makes batches k times larger usually raises the learning rate by hand, and finds it anew (<c>sinter find-lr</c>): by k for SGD (Goyal et al., "Accurate, Large
/// Minibatch SGD", 2017, section 2.1), by √k as long as the noise of the gradient is to stay the same (Krizhevsky, "One weird trick for parallelizing convolutional
/// neural networks", 2014, section 5; Hoffer et al., "Train longer, generalize better", 2017, section 4), and by √k for Adam and RMSprop (Malladi et al., "On the
/// SDEs and Scaling Rules for Adaptive Gradient Algorithms", 2022). All of them end at the batch at which more sequences no longer make a better gradient
/// (McCandlish et al., "An Empirical Model of Large-Batch Training", 2018). A batch that grows does much what a learning rate that falls does (Smith et al., "Don't
/// Decay the Learning Rate, Increase the Batch Size", 2018).</para>
/// </remarks>
public interface IBatchPolicy
{
    /// <summary>The batch of a step.</summary>
    /// <param name="start">Where the step begins.</param>
    StepBatch At(StepStart start);

    /// <summary>Computes fewer sequences at a time from now on, because the device has no memory left for as many as <see cref="At"/> said.</summary>
    /// <returns>How many at most; null where the policy can't go lower.</returns>
    int? BackOff() => null;
}
