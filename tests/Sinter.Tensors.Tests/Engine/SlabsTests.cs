using System.Runtime.InteropServices;
using Sinter.Tensors.Memory;

namespace Sinter.Tensors.Tests.Engine;

/// <summary>Small blocks cut from slabs. Other tests cut from the same slabs meanwhile.</summary>
public sealed unsafe class SlabsTests
{
    [Fact]
    public void BlocksAreAlignedAndApart()
    {
        // Together more than a slab, so that some begin another.
        var blocks = new List<(nint Address, int Bytes)>();
        for (int i = 0; i < 60; i++)
        {
            int bytes = i % 3 == 0 ? 1 : (1 << 20) + 64 * i + i;
            var block = (byte*)SystemMemory.Allocate(bytes);
            blocks.Add(((nint)block, bytes));
            new Span<byte>(block, bytes).Fill((byte)(i + 1));
        }
        for (int i = 0; i < blocks.Count; i++)
        {
            Assert.Equal(0, blocks[i].Address % 64);
            Assert.Equal(-1, new Span<byte>((void*)blocks[i].Address, blocks[i].Bytes).IndexOfAnyExcept((byte)(i + 1)));
        }
        foreach (var (address, _) in blocks) SystemMemory.Free((void*)address);
    }

    [Fact]
    public void KnowsItsOwnBlocksOnly()
    {
        void* block = Slabs.Cut(100), other = NativeMemory.AlignedAlloc(100, 64);
        Assert.False(Slabs.TryReturn(other));
        Assert.True(Slabs.TryReturn(block));
        NativeMemory.AlignedFree(other);
    }
}
