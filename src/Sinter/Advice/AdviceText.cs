using System.Globalization;
using Sinter.Monitoring;

namespace Sinter.Advice;

/// <summary>Numbers in suggestions and their reasons.</summary>
internal static class AdviceText
{
    public static string Whole(double value) => value.ToString("0", CultureInfo.InvariantCulture);

    public static string Two(double value) => value.ToString("G2", CultureInfo.InvariantCulture);

    public static string Short(double value) => value < 1e15 ? HumanFormat.Short(value) : value.ToString("0.0e0", CultureInfo.InvariantCulture);

    public static string Show(double? loss) => HumanFormat.Loss(loss ?? double.NaN);
}
