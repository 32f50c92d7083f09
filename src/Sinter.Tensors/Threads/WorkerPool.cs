using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Sinter.Tensors.Threads;

/// <summary>
/// A persistent pool: the calling thread and <see cref="Count"/> − 1 others share the tiles of one job at a time. A worker waits by
/// spinning for a moment, since the next operation of a training step comes within microseconds, and then sleeps.
/// </summary>
/// <remarks>
/// Each worker has a range of the tiles, the same from operation to operation, so that rows stay in the cache of whoever worked on them; who is done with
/// his own helps the others. One 64-bit word per range holds its end (upper half) and the next tile (lower half), so that a claim learns in one atomic
/// addition whether its tile exists; a job's fields stay as they are until each claimed tile is done. Each worker
/// has a copy of the job and says how many tiles it did when it finds no more, so that no line goes from core to core with every tile.
/// </remarks>
public sealed unsafe class WorkerPool : IDisposable
{
    private const int Spins = 4_000;
    private const int WordsPerRange = 16;   // 128 bytes: neighbours in a pair of cache lines would wait for each other

    // The pool whose tile this thread runs, or null, and as which of its workers.
    [ThreadStatic]
    private static WorkerPool? t_pool;
    [ThreadStatic]
    private static int t_worker;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private delegate*<WorkerPool, void*, int, int, int, int> _work;
    private void* _context;
    private readonly long[] _tickets;
    private int _remaining;
    private int _sleeping;
    private Exception? _error;
    private volatile bool _stop;
    private readonly bool _isIdle;

    /// <summary>Starts <paramref name="count"/> − 1 threads.</summary>
    /// <param name="count">Workers, the caller included, from 1.</param>
    public WorkerPool(int count) : this(count, isIdle: false) { }

    /// <summary>With <paramref name="isIdle"/> a pool without threads that runs nothing, for a rehearsal.</summary>
    internal WorkerPool(int count, bool isIdle)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        Count = count;
        _tickets = new long[(count + 2) * WordsPerRange];
        _threads = new Thread[isIdle ? 0 : count - 1];
        _isIdle = isIdle;
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Loop(worker)) { IsBackground = true, Name = $"Sinter worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Workers, the calling thread included.</summary>
    public int Count { get; }

    /// <summary>Called before each tile, for tests that shake the order in which tiles end.</summary>
    internal Action<int>? BeforeTile { get; set; }

    /// <summary>
    /// Runs tiles 0 to <paramref name="tiles"/> − 1 and returns when all are done; the first exception of a tile is thrown then. Inside a tile it runs them in order,
    /// as the worker that runs that tile.
    /// </summary>
    public void Run<TBody>(int tiles, TBody body) where TBody : unmanaged, ITileBody
    {
        if (_isIdle) return;
        if (tiles <= 1 || Count == 1 || t_pool is not null)
        {
            int worker = t_pool == this ? t_worker : 0;
            for (int i = 0; i < tiles; i++)
            {
                BeforeTile?.Invoke(i);
                Invoke<TBody>(&body, i, worker);
            }
            return;
        }
        Start(&Work<TBody>, &body, tiles);
        (t_pool, t_worker) = (this, 0);
        int owner = 0, done = TryClaim(0, ref owner, out int first) ? Work<TBody>(this, &body, first, owner, 0) : 0;
        t_pool = null;
        Finish(done);
    }

    /// <summary>Stops and joins the threads.</summary>
    public void Dispose()
    {
        if (_stop) return;
        _stop = true;
        Interlocked.Increment(ref Epoch);
        if (_threads.Length > 0) _wake.Release(_threads.Length);
        foreach (var thread in _threads) thread.Join();
        _wake.Dispose();
    }

    // Not inlined: with the loop of tiles around it, a kernel would outgrow what the JIT inlines and call its own vector functions.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Invoke<TBody>(void* context, int tile, int worker) where TBody : unmanaged, ITileBody => ((TBody*)context)->Run(tile, worker);

    private void Start(delegate*<WorkerPool, void*, int, int, int, int> work, void* context, int tiles)
    {
        _work = work;
        _context = context;
        _remaining = tiles;
        for (int worker = 0; worker < Count; worker++)
            Volatile.Write(ref Range(worker), (long)tiles * (worker + 1) / Count << 32 | (long)tiles * worker / Count);
        Interlocked.Increment(ref Epoch);
        int sleeping = Volatile.Read(ref _sleeping);
        if (sleeping > 0) _wake.Release(Math.Min(sleeping, tiles - 1));
    }

    private void Finish(int done)
    {
        var wait = new SpinWait();
        if (Interlocked.Add(ref _remaining, -done) != 0)
            for (int spin = 0; Volatile.Read(ref _remaining) != 0; spin++)
            {
                if (spin < Spins) Thread.SpinWait(2);
                else wait.SpinOnce(sleep1Threshold: -1);
            }
        if (_error is not null && Interlocked.Exchange(ref _error, null) is { } error) ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>Takes a tile of the worker's own range, or where it has none left of the next one's.</summary>
    /// <param name="worker">Who takes it.</param>
    /// <param name="helped">How many workers' ranges, its own first, are known to be empty.</param>
    /// <param name="tile">The tile.</param>
    private bool TryClaim(int worker, ref int helped, out int tile)
    {
        for (; helped < Count; helped++)
        {
            long ticket = Interlocked.Increment(ref Range((worker + helped) % Count)) - 1;
            tile = (int)ticket;
            if (tile < (int)(ticket >> 32)) return true;
        }
        tile = -1;
        return false;
    }

    /// <summary>Runs a tile that was claimed, and more until none is left; counts them. Until it says so the job, whose tiles are not all done, stays as it is.</summary>
    private static int Work<TBody>(WorkerPool pool, void* context, int tile, int helped, int worker) where TBody : unmanaged, ITileBody
    {
        var body = *(TBody*)context;
        int done = 0;
        do
        {
            pool.RunTile(&body, tile, worker);
            done++;
        }
        while (pool.TryClaim(worker, ref helped, out tile));
        return done;
    }

    private void RunTile<TBody>(TBody* body, int tile, int worker) where TBody : unmanaged, ITileBody
    {
        try
        {
            BeforeTile?.Invoke(tile);
            Invoke<TBody>(body, tile, worker);
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _error, e, null);
        }
    }

    private ref long Range(int worker) => ref _tickets[(worker + 1) * WordsPerRange];

    /// <summary>The number of jobs so far, on lines that nothing else is written to.</summary>
    private ref long Epoch => ref Range(Count);

    private void Loop(int worker)
    {
        (t_pool, t_worker) = (this, worker);
        long seen = 0;
        while (!_stop)
        {
            WaitForJob(seen);
            seen = Volatile.Read(ref Epoch);
            int helped = 0;
            if (!_stop && TryClaim(worker, ref helped, out int tile)) Interlocked.Add(ref _remaining, -_work(this, _context, tile, helped, worker));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitForJob(long seen)
    {
        for (int spin = 0; spin < Spins; spin++)
        {
            if (Volatile.Read(ref Epoch) != seen) return;
            Thread.SpinWait(2);
        }
        Interlocked.Increment(ref _sleeping);
        while (Volatile.Read(ref Epoch) == seen) _wake.Wait();
        Interlocked.Decrement(ref _sleeping);
    }
}
