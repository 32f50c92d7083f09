using System.Diagnostics;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors.Tests.Engine;

public sealed unsafe class WorkerPoolTests
{
    private const int MaxTiles = 64;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Many_tiny_jobs_run_each_tile_once(int workers)
    {
        const int jobs = 100_000;
        using var pool = new WorkerPool(workers);
        int* counts = stackalloc int[MaxTiles];
        // Where there are fewer processors than workers, each job waits for the system's schedule: as many jobs as ten seconds hold.
        var clock = Stopwatch.StartNew();
        int done = 0;
        for (; done < jobs && (done < 2000 || clock.Elapsed.TotalSeconds < 10); done++)
        {
            int tiles = done % 7;
            new Span<int>(counts, tiles).Clear();
            pool.Run(tiles, new Count(counts));
            for (int t = 0; t < tiles; t++)
                if (counts[t] != 1) Assert.Fail($"job {done} of {tiles} tiles: tile {t} ran {counts[t]} times");
        }
        Assert.True(done >= 2000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_tiles_exception_reaches_the_caller_and_the_pool_goes_on(int workers)
    {
        using var pool = new WorkerPool(workers);
        int* counts = stackalloc int[MaxTiles];
        for (int repeat = 0; repeat < 100; repeat++)
        {
            Assert.Equal("tile 5", Assert.Throws<FormatException>(() => pool.Run(8, new Fail(5))).Message);
            new Span<int>(counts, 8).Clear();
            pool.Run(8, new Count(counts));
            for (int t = 0; t < 8; t++) Assert.Equal(1, counts[t]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_run_inside_a_tile_is_done_by_that_tiles_worker(int workers)
    {
        using var pool = new WorkerPool(workers);
        int* counts = stackalloc int[MaxTiles];
        int* busy = stackalloc int[workers];
        new Span<int>(counts, MaxTiles).Clear();
        new Span<int>(busy, workers).Clear();
        s_pool = pool;
        for (int repeat = 0; repeat < 200; repeat++) pool.Run(8, new Outer(counts, busy));
        for (int t = 0; t < 64; t++) Assert.Equal(200, counts[t]);
    }

    [Fact]
    public void No_two_tiles_have_the_same_worker_at_once()
    {
        using var pool = new WorkerPool(4);
        int* busy = stackalloc int[4];
        new Span<int>(busy, 4).Clear();
        for (int repeat = 0; repeat < 500; repeat++) pool.Run(20, new Exclusive(busy));
    }

    [Fact]
    public void A_pool_wakes_after_a_pause_and_is_disposed_twice()
    {
        var pool = new WorkerPool(3);
        int* counts = stackalloc int[MaxTiles];
        for (int repeat = 0; repeat < 5; repeat++)
        {
            Thread.Sleep(30);   // longer than workers spin
            new Span<int>(counts, 16).Clear();
            pool.Run(16, new Count(counts));
            for (int t = 0; t < 16; t++) Assert.Equal(1, counts[t]);
        }
        pool.Dispose();
        pool.Dispose();
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerPool(0));
    }

    /// <summary>One tile waits until all others have begun: whoever is free must take the rest of its worker's range.</summary>
    [Theory]
    [InlineData(2, 2), InlineData(2, 64), InlineData(3, 3), InlineData(3, 4), InlineData(3, 64), InlineData(4, 17)]
    public void Others_finish_a_range_that_is_held_up(int workers, int tiles)
    {
        using var pool = new WorkerPool(workers);
        int* counts = stackalloc int[MaxTiles];
        for (int held = 0; held < tiles; held += 7)
        {
            new Span<int>(counts, tiles).Clear();
            int started = 0;
            pool.BeforeTile = tile =>
            {
                Interlocked.Increment(ref started);
                if (tile == held)
                    Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref started) == tiles, 10_000), $"tile {held} held up the others");
            };
            pool.Run(tiles, new Count(counts));
            for (int t = 0; t < tiles; t++) Assert.Equal(1, counts[t]);
        }
    }

    [Fact]
    public void Jobs_whose_low_tiles_are_slow_run_each_tile_once()
    {
        using var pool = new WorkerPool(3) { BeforeTile = tile => { if (tile < 2) Thread.Sleep(1); } };
        int* counts = stackalloc int[MaxTiles];
        for (int job = 0; job < 100; job++)
        {
            int tiles = 2 + job % 11;
            new Span<int>(counts, tiles).Clear();
            pool.Run(tiles, new Count(counts));
            for (int t = 0; t < tiles; t++) Assert.Equal(1, counts[t]);
        }
    }

    private static WorkerPool? s_pool;

    private readonly struct Count(int* counts) : ITileBody
    {
        public void Run(int tile, int worker) => Interlocked.Increment(ref counts[tile]);
    }

    private readonly struct Fail(int which) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            if (tile == which) throw new FormatException($"tile {tile}");
        }
    }

    private readonly struct Outer(int* counts, int* busy) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            if (Interlocked.Increment(ref busy[worker]) != 1) throw new InvalidOperationException($"worker {worker} has two tiles");
            s_pool!.Run(8, new Inner(counts + 8 * tile, worker));
            Interlocked.Decrement(ref busy[worker]);
        }
    }

    private readonly struct Inner(int* counts, int outer) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            if (worker != outer) throw new InvalidOperationException($"worker {worker} inside {outer}");
            Interlocked.Increment(ref counts[tile]);
        }
    }

    private readonly struct Exclusive(int* busy) : ITileBody
    {
        public void Run(int tile, int worker)
        {
            if (Interlocked.Increment(ref busy[worker]) != 1) throw new InvalidOperationException($"worker {worker} has two tiles");
            Thread.SpinWait(50);
            Interlocked.Decrement(ref busy[worker]);
        }
    }
}
