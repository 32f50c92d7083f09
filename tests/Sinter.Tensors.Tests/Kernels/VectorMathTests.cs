using System.Runtime.Intrinsics;
using Sinter.Tensors.Kernels;
using Sinter.Tensors.Ops;
using Sinter.Tensors.Tests.Ops;
using RoundedErfGelu = Sinter.Tensors.Kernels.ErfGelu<Sinter.Tensors.Kernels.RoundedNormalArea>;
using SingleErfGelu = Sinter.Tensors.Kernels.ErfGelu<Sinter.Tensors.Kernels.SingleNormalArea>;
using Vec = System.Runtime.Intrinsics.Vector512<float>;

namespace Sinter.Tensors.Tests.Kernels;

public sealed unsafe class VectorMathTests
{
    private static readonly float[] s_extremes =
    [
        0, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f, 1.17549435e-38f, -1.17549435e-38f, 1e-20f, -1e-20f, 1, -1, 15, -15, 87, -87,
            88.72283f, -88.72283f, 88.73f, -88.73f,
        -103.9f, -104.1f, 104, 1e4f, -1e4f, 1e12f, -1e12f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity,
    ];

    [Fact]
    public void Exp_is_within_two_units_in_the_last_place() => Check(VectorMath.Exp, Math.Exp, 2, -110, 95);

    [Fact]
    public void Tanh_is_within_three_units_in_the_last_place() => Check(VectorMath.Tanh, Math.Tanh, 3, -12, 12);

    [Fact]
    public void Sigmoid_is_within_three_units_in_the_last_place() => Check(VectorMath.Sigmoid, x => 1 / (1 + Math.Exp(-x)), 3, -87, 20);

    [Fact]
    public void Silu_is_within_four_units_in_the_last_place() => Check(VectorMath.Silu, Silu, 4, -87, 20);

    // 2u reaches 25 where the result is still of size 1e-9: its own rounding of 2⁻²⁴ grows by that factor.
    [Fact]
    public void Gelu_is_right_to_its_argument() => Check(VectorMath.Gelu, Gelu, 60, -5, 12);

    // 1 − σ has the rounding of σ near 1, 2⁻²⁵, which is multiplied by x·2u′: at most about 20 where 1 − σ counts.
    [Fact]
    public void Slopes_are_within_2e_minus_6()
    {
        foreach (var (x, y) in Map(VectorMath.GeluSlope, Grid(-12, 12, 100_000))) Assert.Equal(Slope(Gelu, x), y, 2e-6);
        foreach (var (x, y) in Map(VectorMath.SiluSlope, Grid(-12, 12, 100_000))) Assert.Equal(Slope(Silu, x), y, 2e-6);
    }

    // σ is within 2⁻¹⁶. Below −5 the reference has no digits left.
    [Fact]
    public void Gelu_for_bfloat16_is_a_hundred_times_as_accurate_as_bfloat16()
    {
        const double rounding = 1 / 512.0;
        foreach (var (x, y) in Map(RoundedGelu.Value, Grid(-5, 12, 100_000))) Assert.Equal(Gelu(x), y, Math.Abs(Gelu(x)) * rounding / 100 + 1e-44);
        foreach (var (x, y) in Map(RoundedGelu.Value, Grid(-1000, -5, 100_000))) Assert.InRange(y, x < -5 ? -2e-6 : -1, x < -5 ? 0 : 1);
        foreach (var (x, y) in Map(Rounded, Grid(-12, 12, 100_000))) Assert.Equal(Slope(Gelu, x), y, rounding / 100);
        foreach (float x in s_extremes)
            if (float.Abs(x) < 1e15f)
            {
                Same(Gelu(x), One(RoundedGelu.Value, x), $"gelu({x})", floor: 1e-5);
                Same(x > 15 ? 1 : x < -15 ? 0 : Slope(Gelu, x), One(Rounded, x), $"gelu′({x})", floor: 2e-5);
            }
        Assert.True(float.IsNaN(One(RoundedGelu.Value, float.NaN)) && float.IsNaN(One(Rounded, float.NaN)));

        static Vec Rounded(Vec x) => RoundedGelu.Slope(x, out _);
    }

    // exp(−x²/2) has the rounding of its argument, 2⁻²⁴ · x²/2: 40 units at −9, where x · Φ(x) is 1e-18; the polynomial 2⁻²².
    [Fact]
    public void Gelu_with_the_error_function_keeps_its_digits_below_zero()
    {
        Check(SingleErfGelu.Value, x => ActivationReference.Value(Activation.Gelu, x), 8, -2, 12);
        Check(SingleErfGelu.Value, x => ActivationReference.Value(Activation.Gelu, x), 60, -9, -2);
        foreach (var (x, y) in Map(Slope, Grid(-12, 12, 100_000))) Assert.Equal(ActivationReference.Slope(Activation.Gelu, x), y, 1e-6);

        static Vec Slope(Vec x) => SingleErfGelu.Slope(x, out _);
    }

    // Φ is within 2⁻¹⁷.
    [Fact]
    public void Gelu_with_the_error_function_for_bfloat16_is_a_hundred_times_as_accurate_as_bfloat16()
    {
        const double rounding = 1 / 512.0;
        foreach (var (x, y) in Map(RoundedErfGelu.Value, Grid(-9, 12, 100_000)))
        {
            double want = ActivationReference.Value(Activation.Gelu, x);
            Assert.Equal(want, y, Math.Abs(want) * rounding / 100 + 1e-44);
        }
        foreach (var (x, y) in Map(Slope, Grid(-12, 12, 100_000))) Assert.Equal(ActivationReference.Slope(Activation.Gelu, x), y, rounding / 100);

        static Vec Slope(Vec x) => RoundedErfGelu.Slope(x, out _);
    }

    [Fact]
    public void Activations_of_extremes()
    {
        foreach (float x in s_extremes)
        {
            if (float.IsNegativeInfinity(x)) continue;   // −∞ · 0
            double gelu = ActivationReference.Value(Activation.Gelu, x);
            Same(gelu, One(SingleErfGelu.Value, x), $"gelu({x})", floor: 1e-20);
            Same(gelu, One(RoundedErfGelu.Value, x), $"rounded gelu({x})", floor: Math.Abs(gelu) * 2e-5 + 1e-20);
            Same(x > 0 ? x : 0, One(ReluFunction.Value, x), $"relu({x})");
            if (float.IsInfinity(x)) continue;
            Same(ActivationReference.Slope(Activation.Gelu, x), One(Slope<SingleErfGelu>, x), $"gelu′({x})", floor: 1e-6);
            Same(ActivationReference.Slope(Activation.Gelu, x), One(Slope<RoundedErfGelu>, x), $"rounded gelu′({x})", floor: 2e-5);
            Same(x > 0 ? 1 : 0, One(Slope<ReluFunction>, x), $"relu′({x})");
        }
        foreach (var function in new Func<Vec, Vec>[] { SingleErfGelu.Value, RoundedErfGelu.Value, ReluFunction.Value, Slope<SingleErfGelu>, Slope<RoundedErfGelu> })
            Assert.True(float.IsNaN(One(function, float.NaN)));

        static Vec Slope<T>(Vec x) where T : struct, IActivation => T.Slope(x, out _);
    }

    [Fact]
    public void Extremes()
    {
        foreach (float x in s_extremes)
        {
            Same(Math.Exp(x), One(VectorMath.Exp, x), $"exp({x})");
            Same(Math.Tanh(x), One(VectorMath.Tanh, x), $"tanh({x})");
            // Below −88.7 the exponential is ∞ and its reciprocal 0, where the true value is subnormal.
            Same(1 / (1 + Math.Exp(-(double)x)), One(VectorMath.Sigmoid, x), $"σ({x})", floor: 2e-38);
            if (!float.IsNegativeInfinity(x)) Same(Gelu(x), One(VectorMath.Gelu, x), $"gelu({x})", floor: 1e-6);
            if (float.Abs(x) < 1e15f) Same(x > 15 ? 1 : x < -15 ? 0 : Slope(Gelu, x), One(VectorMath.GeluSlope, x), $"gelu′({x})", floor: 1e-6);
        }
    }

    [Fact]
    public void NaN_stays()
    {
        foreach (var function in new Func<Vec, Vec>[] { VectorMath.Exp, VectorMath.Tanh, VectorMath.Sigmoid, VectorMath.Silu, VectorMath.Gelu,
            VectorMath.GeluSlope, VectorMath.SiluSlope })
            for (int lane = 0; lane < Vec.Count; lane++)
            {
                var y = function(Vector512.WithElement(Vec.One, lane, float.NaN));
                for (int i = 0; i < Vec.Count; i++) Assert.Equal(i == lane, float.IsNaN(y.GetElement(i)));
            }
    }

    [Fact]
    public void Sum_and_maximum_see_every_lane()
    {
        for (int lane = 0; lane < Vec.Count; lane++)
        {
            Assert.Equal(7, VectorMath.Sum(Vector512.WithElement(Vec.Zero, lane, 7f)));
            Assert.Equal(7, VectorMath.Max(Vector512.WithElement(-Vec.One, lane, 7f)));
            Assert.True(float.IsNaN(VectorMath.Max(Vector512.WithElement(Vec.One, lane, float.NaN))));
        }
        Assert.Equal(136, VectorMath.Sum(Vector512<float>.Indices + Vec.One));
    }

    private static void Check(Func<Vec, Vec> got, Func<double, double> want, double units, float from, float to)
    {
        double worst = 0;
        float at = 0;
        foreach (var (x, y) in Map(got, Grid(from, to, 1_000_000)))
        {
            double exact = want(x);
            double error = Math.Abs(exact) <= float.MaxValue ? Math.Abs(y - exact) / Unit(exact) : float.IsInfinity(y) ? 0 : double.PositiveInfinity;
            if (!(error <= worst)) (worst, at) = (error, x);
        }
        Assert.True(worst <= units, $"{worst} units in the last place at {at:r}: {One(got, at):r}, not {want(at):r}");
    }

    private static double Unit(double x)
    {
        float size = (float)Math.Min(Math.Abs(x), float.MaxValue / 2);
        return (double)MathF.BitIncrement(size) - size;
    }

    // Evenly spaced ones, and around zero every scale.
    private static IEnumerable<float> Grid(float from, float to, int count)
    {
        for (int i = 0; i <= count; i++) yield return (float)(from + (to - (double)from) * i / count);
        for (float x = 1e-45f; x < 1; x *= 1.37f)
        {
            yield return x;
            yield return -x;
            if (x < 1e-44f) x *= 2;
        }
    }

    private static IEnumerable<(float X, float Y)> Map(Func<Vec, Vec> function, IEnumerable<float> grid)
    {
        foreach (float[] part in grid.Chunk(Vec.Count))
        {
            float[] x = new float[Vec.Count], y = new float[Vec.Count];
            part.CopyTo(x, 0);
            function(Vector512.Create(x)).CopyTo(y);
            for (int i = 0; i < part.Length; i++) yield return (x[i], y[i]);
        }
    }

    private static void Same(double want, float got, string what, double floor = 0)
    {
        bool same = (float)want == got || Math.Abs(got - want) <= 4 * Unit(want) || Math.Abs(got - want) <= floor;
        Assert.True(same, $"{what} is {got:r}, not {want:r}");
    }

    private static float One(Func<Vec, Vec> function, float x) => function(Vector512.Create(x)).GetElement(3);

    private static double Silu(double x) => x / (1 + Math.Exp(-x));

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

    private static double Slope(Func<double, double> function, double x) => (function(x + 1e-5) - function(x - 1e-5)) / 2e-5;
}
