using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels.Matrix;
using static Sinter.Tensors.Tests.Kernels.BFloat16Numbers;

namespace Sinter.Tensors.Tests.Kernels;

public sealed unsafe class BFloat16RowsTests
{
    private const ushort Untouched = 0x1234;

    // Rows of a micro-kernel's tile (32 columns, one after the other) go another way than others.
    [Theory]
    [InlineData(1, 32, 32, 40), InlineData(12, 32, 32, 35), InlineData(16, 32, 32, 32), InlineData(17, 32, 32, 33), InlineData(5, 32, 37, 32)]
    [InlineData(3, 1, 32, 2), InlineData(12, 31, 32, 31), InlineData(7, 33, 33, 33), InlineData(2, 100, 101, 103)]
    public void Rows_are_rounded_to_where_they_belong(int rows, int columns, int sourceStride, int targetStride)
    {
        float[] source = Random(rows + columns, rows * sourceStride);
        var target = new ushort[rows * targetStride + 16];
        Array.Fill(target, Untouched);
        fixed (float* s = source)
        fixed (ushort* t = target) BFloat16Rows.Round(s, sourceStride, t, targetStride, rows, columns);
        for (int i = 0; i < target.Length; i++)
        {
            var (row, column) = (i / targetStride, i % targetStride);
            Assert.Equal(row < rows && column < columns ? Bits(source[row * sourceStride + column]) : Untouched, target[i]);
        }
    }

    [Fact]
    public void A_run_of_numbers_is_rounded_and_nothing_beyond_it()
    {
        foreach (int count in new[] { 0, 1, 2, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65, 129 })
        {
            float[] source = Random(count, count);
            var target = new ushort[count + 16];
            Array.Fill(target, Untouched);
            fixed (float* s = source)
            fixed (ushort* t = target) BFloat16Rows.Round(s, t, count);
            for (int i = 0; i < target.Length; i++) Assert.Equal(i < count ? Bits(source[i]) : Untouched, target[i]);
        }
    }

    [Fact]
    public void Sixteen_numbers_are_read_and_fewer_with_zeros_beyond()
    {
        ushort[] source = Array.ConvertAll(Random(1, 16), Bits);
        fixed (ushort* s = source)
        {
            for (int i = 0; i < 16; i++) Assert.Equal(Value(source[i]), BFloat16Rows.Load(s)[i]);
            for (int count = 0; count <= 16; count++)
            {
                var part = BFloat16Rows.LoadPart(s, count);
                for (int i = 0; i < 16; i++) Assert.Equal(i < count ? Value(source[i]) : 0, part.GetElement(i));
            }
        }
    }
}
