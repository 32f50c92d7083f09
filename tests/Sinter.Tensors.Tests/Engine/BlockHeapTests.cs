using Sinter.Tensors.Memory;

namespace Sinter.Tensors.Tests.Engine;

public sealed unsafe class BlockHeapTests
{
    // Blocks of random sizes come and go; each is filled with its own number and must still hold it when it goes.
    [Fact]
    public void Blocks_never_overlap_and_what_is_free_is_one_range_again()
    {
        using var heap = new BlockHeap();
        var random = new Random(7);
        var blocks = new List<(nint Start, int Bytes, int Mark)>();
        long used = 0, most = 0;
        for (int i = 0; i < 4000; i++)
        {
            if (blocks.Count > 0 && (random.Next(2) == 0 || used > 100 << 20))
            {
                int at = random.Next(blocks.Count);
                var (start, bytes, mark) = blocks[at];
                Assert.Equal((mark, mark), (*(int*)start, *(int*)(start + bytes - sizeof(int))));
                heap.Return((void*)start);
                used -= bytes;
                blocks.RemoveAt(at);
            }
            else
            {
                int bytes = 4 * random.Next(1, 3 << 20);
                void* block = heap.TryTake(bytes);
                if (block is null)
                {
                    long before = heap.Bytes, growth = heap.Growth(bytes);
                    block = (void*)heap.Grow(bytes).Block;
                    Assert.Equal(before + growth, heap.Bytes);
                }
                Assert.Equal(0, (long)block % 64);
                (*(int*)block, *(int*)((byte*)block + bytes - sizeof(int))) = (i, i);
                blocks.Add(((nint)block, bytes, i));
                used += bytes;
                most = Math.Max(most, used);
            }
        }
        Assert.InRange(heap.Bytes, most, 2 * most);
        foreach (var (start, _, _) in blocks) heap.Return((void*)start);
        Assert.True(heap.TryTake(60 << 20) is not null, "all is free, and there is no range of a piece's size");
    }

    [Fact]
    public void The_smallest_free_range_that_holds_it_is_taken()
    {
        using var heap = new BlockHeap();
        int[] megabytes = [8, 1, 4, 1, 6, 1];
        nint[] blocks = [.. megabytes.Select(size => heap.Grow((long)size << 20).Block)];
        for (int i = 0; i < blocks.Length; i += 2) heap.Return((void*)blocks[i]);
        Assert.Equal(blocks[4], (nint)heap.TryTake(5 << 20));
        Assert.Equal(blocks[2], (nint)heap.TryTake(4 << 20));
        Assert.Equal(blocks[0], (nint)heap.TryTake(4 << 20));
        Assert.Equal(blocks[0] + (4 << 20), (nint)heap.TryTake(4 << 20));
        Assert.True(heap.TryTake(2 << 20) is null);
    }

    [Fact]
    public void What_is_no_block_is_refused()
    {
        using var heap = new BlockHeap();
        nint block = heap.Grow(2 << 20).Block;
        Assert.Throws<InvalidOperationException>(() => heap.Return((void*)(block + 64)));
        Assert.Throws<InvalidOperationException>(() => heap.Return((void*)(block - 64)));
        heap.Return((void*)block);
        Assert.Throws<InvalidOperationException>(() => heap.Return((void*)block));
    }

    [Fact]
    public void Trim_gives_back_pieces_without_blocks()
    {
        using var heap = new BlockHeap();
        nint small = heap.Grow(40 << 20).Block, large = heap.Grow(100 << 20).Block;
        heap.Return((void*)large);
        heap.Trim();
        Assert.Equal(40 << 20, heap.Bytes);
        heap.Return((void*)small);
        heap.Trim();
        Assert.Equal(0, heap.Bytes);
    }
}
