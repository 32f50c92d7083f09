using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Sinter.Text;

/// <summary>Parallel loops that throw what their body threw, not an <see cref="AggregateException"/> around it.</summary>
internal static class ParallelWork
{
    /// <summary>Runs the body for 0 to <paramref name="count"/> − 1.</summary>
    public static void For(int count, Action<int> body, CancellationToken cancellation = default) =>
        Unwrapped(() => Parallel.For(0, count, Options(cancellation), body));

    /// <summary>Runs the body for each item, taking the next item only when a thread is free.</summary>
    public static void ForEach<T>(IEnumerable<T> items, Action<T> body, CancellationToken cancellation = default) =>
        Unwrapped(() => Parallel.ForEach(Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering), Options(cancellation), body));

    private static ParallelOptions Options(CancellationToken cancellation) =>
        new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };

    private static void Unwrapped(Action run)
    {
        try
        {
            run();
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions.OfType<SinterException>().FirstOrDefault() ?? e.Flatten().InnerExceptions[0]);
        }
    }
}
