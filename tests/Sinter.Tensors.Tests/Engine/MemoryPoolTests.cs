using Sinter.Tensors.Memory;

namespace Sinter.Tensors.Tests.Engine;

public sealed unsafe class MemoryPoolTests
{
    [Fact]
    public void Size_classes_hold_the_request_and_waste_an_eighth_at_most()
    {
        long before = 0;
        for (long bytes = 1; bytes < 1L << 40; bytes += bytes / 97 + 1)
        {
            long size = MemoryPool.SizeClass(bytes);
            Assert.True(size >= bytes && size % 64 == 0 && size >= before, $"{bytes} bytes in {size}");
            Assert.True(size - bytes < Math.Max(64, bytes / 8 + 64), $"{bytes} bytes in {size}");
            Assert.Equal(size, MemoryPool.SizeClass(size));
            before = size;
        }
        Assert.Equal(64, MemoryPool.SizeClass(0));
    }

    [Fact]
    public void A_returned_block_serves_the_next_request_of_its_class()
    {
        using var pool = new MemoryPool();
        void* block = pool.Rent(1000);
        Assert.Equal(0, (long)block % 64);
        pool.Return(block, 1000);
        Assert.True(pool.Rent(1010) == block);
        Assert.Equal(1, pool.SystemRequests);
        Assert.Equal(1, pool.LiveBlocks);
        Assert.Equal(MemoryPool.SizeClass(1000), pool.UsedBytes);
        pool.Return(block, 1010);
        Assert.Equal(0, pool.UsedBytes);
    }

    [Fact]
    public void Large_blocks_take_the_place_of_others_whatever_their_sizes()
    {
        using var pool = new MemoryPool();
        void* first = pool.Rent(9 << 20), second = pool.Rent(12 << 20), third = pool.Rent(3 << 20);
        long reserved = pool.ReservedBytes;
        Assert.Equal(24 << 20, reserved);
        pool.Return(first, 9 << 20);
        pool.Return(second, 12 << 20);
        Assert.True(pool.Rent(20 << 20, Lifetime.Gradient) == first);
        Assert.Equal(20 << 20, pool.ExactBytes);
        Assert.Equal((reserved, 1), (pool.ReservedBytes, pool.SystemRequests));
        pool.Return(third, 3 << 20);
        pool.Rent(6 << 20);   // three of them are at the end of the piece, which grows by the others
        Assert.Equal(26 << 20, pool.ReservedBytes);
        Assert.Equal((26 << 20, 26 << 20, 1), (pool.UsedBytes, pool.PeakBytes, pool.SystemRequests));
    }

    [Fact]
    public void A_limit_holds_for_what_was_ever_in_large_blocks()
    {
        using var pool = new MemoryPool { LimitBytes = 30 << 20 };
        void* first = pool.Rent(10 << 20), second = pool.Rent(18 << 20);
        Assert.Throws<DeviceMemoryException>(() => pool.Rent(4 << 20));
        pool.Return(second, 18 << 20);
        Assert.True(pool.Rent(20 << 20) == second);
        Assert.Equal(30 << 20, pool.ReservedBytes);
        pool.Return(first, 10 << 20);
        pool.Return(second, 20 << 20);
        pool.Trim();
        Assert.Equal(0, pool.ReservedBytes);
    }

    [Fact]
    public void Where_shapes_vary_a_block_serves_requests_of_half_its_size_and_more()
    {
        using var pool = new MemoryPool { ShapesVary = true };
        void* large = pool.Rent(64_000), exact = pool.Rent(64_000, Lifetime.Device);
        pool.Return(large, 64_000);
        pool.Return(exact, 64_000, Lifetime.Device);
        Assert.True(pool.Rent(40_000) == large);
        pool.Return(large, 40_000);
        void* small = pool.Rent(30_000);
        Assert.True(small != large && small != exact);
        Assert.Equal(3, pool.SystemRequests);
        Assert.True(pool.Rent(64_000) == large);
        Assert.Equal(3, pool.SystemRequests);
    }

    [Fact]
    public void Trim_gives_free_blocks_back_and_only_those()
    {
        using var pool = new MemoryPool();
        void* used = pool.Rent(5000), free = pool.Rent(9000);
        pool.Return(free, 9000);
        pool.Trim();
        Assert.Equal(pool.UsedBytes, pool.ReservedBytes);
        ((byte*)used)[4999] = 1;
        pool.Return(used, 5000);
        pool.Trim();
        Assert.Equal(0, pool.ReservedBytes);
    }

    [Fact]
    public void Exact_blocks_lose_less_than_a_cache_line()
    {
        using var pool = new MemoryPool();
        void* block = pool.Rent(1_000_000, Lifetime.Device);
        Assert.InRange(pool.UsedBytes, 1_000_000, 1_000_063);
        pool.Return(block, 1_000_000, Lifetime.Device);
    }

    [Fact]
    public void Exact_blocks_lie_apart_and_are_found_again()
    {
        using var pool = new MemoryPool();
        long[] sizes = [1, 64, 5000, 30 << 20, 40 << 20, 100 << 20, 7];
        var blocks = new (nint Start, long Bytes)[sizes.Length];
        for (int i = 0; i < sizes.Length; i++) blocks[i] = ((nint)pool.Rent(sizes[i], Lifetime.Device), sizes[i]);
        Array.Sort(blocks);
        for (int i = 0; i < blocks.Length; i++)
        {
            Assert.Equal(0, blocks[i].Start % 64);
            if (i > 0) Assert.True(blocks[i - 1].Start + blocks[i - 1].Bytes <= blocks[i].Start, "blocks overlap");
            ((byte*)blocks[i].Start)[blocks[i].Bytes - 1] = 1;
        }
        pool.Return((void*)blocks[0].Start, blocks[0].Bytes, Lifetime.Device);
        pool.Trim();
        Assert.Equal(blocks[0].Start, (nint)pool.Rent(blocks[0].Bytes, Lifetime.Device));
    }

    [Fact]
    public void A_disposed_device_refuses_work_and_is_disposed_twice()
    {
        var device = new CpuDevice(2);
        var x = device.Zeros(new Shape(4));
        device.Dispose();
        device.Dispose();
        Assert.Throws<InvalidOperationException>(() => x.Span.Length);
        Assert.Throws<ObjectDisposedException>(() => device.Zeros(new Shape(4)));
    }
}
