namespace Sinter.Tensors.Threads;

/// <summary>Work cut into tiles that do not depend on each other. A struct without references, so that it can live on the caller's stack.</summary>
public interface ITileBody
{
    /// <summary>Does tile <paramref name="tile"/>. How work is cut depends on its shape, never on the number of threads.</summary>
    /// <param name="tile">The tile, in [0, tiles).</param>
    /// <param name="worker">Which worker runs it, in [0, workers): the index of its scratch memory.</param>
    void Run(int tile, int worker);
}
