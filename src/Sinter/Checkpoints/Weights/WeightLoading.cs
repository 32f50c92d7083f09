using Sinter.Tensors;

namespace Sinter.Checkpoints.Weights;

/// <summary>A tensor of a file, and where its elements go.</summary>
/// <param name="File">The file.</param>
/// <param name="Entry">The tensor.</param>
/// <param name="Destination">Room for its elements in float32.</param>
internal readonly unsafe record struct WeightLoad(TensorFile File, TensorEntry Entry, nint Destination)
{
    /// <summary>Reads elements <paramref name="start"/> and on.</summary>
    public void Read(long start, long count) => File.Copy(Entry, start, count, (byte*)(Destination + (nint)(start * sizeof(float))), DType.Float32);
}

/// <summary>Reads many tensors at once: several threads read parts of the files straight to where they belong, and convert on the way.</summary>
internal static class WeightLoading
{
    /// <summary>Reads all of them as float32.</summary>
    /// <exception cref="CheckpointException">The first error of any of them.</exception>
    public static void Run(IEnumerable<WeightLoad> loads)
    {
        var parts = new List<(WeightLoad Load, long Start, long Count)>();
        foreach (WeightLoad load in loads)
        {
            long part = Math.Max(1, load.File.PartOf(load.Entry));
            for (long start = 0; start < load.Entry.Elements; start += part) parts.Add((load, start, Math.Min(part, load.Entry.Elements - start)));
        }
        // What can't be split goes first, the largest before the others, so that no thread is left alone with it at the end.
        parts.Sort((a, b) => b.Count.CompareTo(a.Count));
        var work = System.Collections.Concurrent.Partitioner.Create(parts, loadBalance: true);
        try
        {
            Parallel.ForEach(work, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, part => part.Load.Read(part.Start, part.Count));
        }
        catch (AggregateException error)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }
}
