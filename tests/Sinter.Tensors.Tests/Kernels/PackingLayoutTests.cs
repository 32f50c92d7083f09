using Sinter.Tensors.Kernels.Matrix;
using static Sinter.Tensors.Tests.Kernels.BFloat16Numbers;

namespace Sinter.Tensors.Tests.Kernels;

/// <summary>Where the words of packed factors lie, against plain loops; and factors of bfloat16 against the same values in float32.</summary>
public sealed unsafe class PackingLayoutTests
{
    private const uint Untouched = 0xdeadbeef;
    private const int VectorWords = 16;

    private static readonly int[] s_lengths = [1, 2, 3, 15, 16, 17, 31, 32, 33, 34, 63, 64, 65, 71];

    public static TheoryData<bool> Types => [true, false];

    [Fact]
    public void A_row_of_bfloat16()
    {
        foreach (int length in s_lengths)
        {
            float[] values = Exact(length, length);
            Assert.Equal(Steps((length + 1) / 2, 0, p => { fixed (float* s = values) Packing.Row(s, length, p, bfloat16: true); }),
                Steps((length + 1) / 2, 0, p => { fixed (ushort* s = Array.ConvertAll(values, Bits)) PairPacking.Row(s, length, p); }));
        }
    }

    [Fact]
    public void A_panel_of_bfloat16()
    {
        foreach (int length in s_lengths)
            foreach (int width in new[] { 1, 15, 16, 17, 31, 32, 33, 48, 50, 64 })
            {
                int padded = (width + 31) / 32 * 32, stride = width + 3, words = (length + 1) / 2 * padded;
                float[] values = Exact(length * 100 + width, length * stride);
                ushort[] rounded = Array.ConvertAll(values, Bits);
                Assert.Equal(Steps(words, 0, p => { fixed (float* s = values) Packing.Panel(s, stride, length, width, padded, p, bfloat16: true); }),
                    Steps(words, 0, p => { fixed (ushort* s = rounded) PairPacking.Panel(s, stride, length, width, padded, p); }));
            }
    }

    /// <summary>As high as each micro-kernel's tile, at the end of the memory's rows and before it.</summary>
    [Theory, MemberData(nameof(Types))]
    public void A_strip(bool bfloat16)
    {
        foreach (int padded in new[] { 4, 6, 12 })
            foreach (int length in s_lengths)
                for (int width = 1; width <= padded; width++)
                    foreach (int readable in new[] { width, 15, 16, 21 }.Where(r => r >= width))
                    {
                        int stride = readable + 2, stepLength = bfloat16 ? 2 : 1, count = (length + stepLength - 1) / stepLength;
                        float[] values = bfloat16 ? Exact(length + width, length * stride) : Random(length + width, length * stride);
                        uint[] want = Wanted(k => c => values[k * stride + 2 + c], length, width, padded, bfloat16);
                        string what = $"{length} × {width} of {readable}, {padded} a step";
                        uint[] got = Steps(count * padded, VectorWords, p =>
                        { fixed (float* s = values) Packing.Strip(s + 2, stride, length, width, padded, p, bfloat16); });
                        Same(want, got, width, padded, what);
                        if (!bfloat16) continue;
                        got = Steps(count * padded, VectorWords, p =>
                        { fixed (ushort* s = Array.ConvertAll(values, Bits)) PairPacking.Strip(s + 2, stride, length, width, padded, p); });
                        Same(want, got, width, padded, what + ", bfloat16 before");
                    }
    }

    [Theory, MemberData(nameof(Types))]
    public void A_panel_that_is_transposed(bool bfloat16)
    {
        foreach (int length in s_lengths)
            foreach (int width in new[] { 1, 7, 8, 15, 16, 17, 31, 32, 33, 41 })
            {
                int padded = (width + 15) / 16 * 16, stride = length + 3, words = padded * (bfloat16 ? (length + 1) / 2 : length);
                float[] values = Random(length * 100 + width, width * stride);
                Assert.Equal(Wanted(k => c => values[c * stride + k], length, width, padded, bfloat16),
                    Steps(words, 0, p => { fixed (float* s = values) Packing.Turned(s, stride, length, width, padded, p, bfloat16); }));
                if (!bfloat16) continue;
                ushort[] rounded = Array.ConvertAll(values, Bits);
                Assert.Equal(Wanted(k => c => values[c * stride + k], length, width, padded, bfloat16),
                    Steps(words, 0, p => { fixed (ushort* s = rounded) PairPacking.Turned(s, stride, length, width, padded, p); }));
            }
    }

    private delegate void Pack(uint* steps);

    /// <summary>Packed words; room for <paramref name="spare"/> words follows, and what lies beyond must stay as it was.</summary>
    private static uint[] Steps(int words, int spare, Pack pack)
    {
        var steps = new uint[words + spare + VectorWords];
        Array.Fill(steps, Untouched);
        fixed (uint* p = steps) pack(p);
        Assert.All(steps[(words + spare)..], word => Assert.Equal(Untouched, word));
        return steps[..words];
    }

    /// <summary>Steps of one k, or of two, for all columns: zeros where there is nothing.</summary>
    private static uint[] Wanted(Func<int, Func<int, float>> at, int length, int width, int padded, bool bfloat16)
    {
        float At(int k, int c) => k < length && c < width ? at(k)(c) : 0;
        int stepLength = bfloat16 ? 2 : 1;
        var steps = new uint[(length + stepLength - 1) / stepLength * padded];
        for (int i = 0; i < steps.Length; i++)
        {
            var (step, c) = (i / padded, i % padded);
            steps[i] = bfloat16 ? Pair(At(2 * step, c), At(2 * step + 1, c)) : BitConverter.SingleToUInt32Bits(At(step, c));
        }
        return steps;
    }

    // What lies beyond a strip's width is multiplied into rows that nobody keeps.
    private static void Same(uint[] want, uint[] got, int width, int padded, string what)
    {
        for (int i = 0; i < want.Length; i++)
            if (i % padded < width && want[i] != got[i]) Assert.Fail($"{what}: step {i / padded}, row {i % padded} is {got[i]:x8}, not {want[i]:x8}");
    }
}
