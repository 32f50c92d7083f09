using Sinter.Tensors.Ops;

namespace Sinter.Tensors.Tests.Ops;

/// <summary>Activations and their derivatives in double, from their definitions.</summary>
internal static class ActivationReference
{
    public static TheoryData<Activation> All => [Activation.GeluTanh, Activation.Gelu, Activation.Relu];

    public static double Value(Activation activation, double x) => activation switch
    {
        Activation.GeluTanh => PlainOpTests.Gelu(x),
        Activation.Gelu => x * Area(x),
        _ => Math.Max(x, 0),
    };

    public static double Slope(Activation activation, double x)
    {
        switch (activation)
        {
            case Activation.GeluTanh:
                double c = Math.Sqrt(2 / Math.PI), t = Math.Tanh(c * (x + 0.044715 * x * x * x));
                return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * c * (1 + 3 * 0.044715 * x * x);
            case Activation.Gelu: return Area(x) + x * Bell(x);
            default: return x > 0 ? 1 : 0;
        }
    }

    /// <summary>Φ(x): ½ + φ(x) · (x + x³/3 + x⁵/15 + …) where it is near ½, Laplace's continued fraction of the tail elsewhere.</summary>
    public static double Area(double x)
    {
        if (Math.Abs(x) > 40) return x > 0 ? 1 : 0;
        if (Math.Abs(x) < 2.5)
        {
            double term = x, sum = x;
            for (int n = 1; Math.Abs(term) > 1e-17; n++) sum += term *= x * x / (2 * n + 1);
            return 0.5 + Bell(x) * sum;
        }
        double fraction = Math.Abs(x);
        for (int n = 100; n > 0; n--) fraction = Math.Abs(x) + n / fraction;
        double tail = Bell(x) / fraction;
        return x < 0 ? tail : 1 - tail;
    }

    private static double Bell(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
}
