using Sinter.Options;

namespace Sinter.Tests.Options;

/// <summary>A program's own options and strategies use the same description.</summary>
public sealed class RegistryTests
{
    private abstract class Shape : INamedOptions
    {
        public abstract string Name { get; }
    }

    private sealed class Circle : Shape
    {
        public static OptionsSchema<Circle> Schema { get; } = OptionsSchema.Create<Circle>(b => b.Number("radius", "The radius.", o => o.Radius,
            (o, v) => o.Radius = v, NumberRange.Positive));
        public override string Name => "circle";
        public double Radius { get; set; } = 1;
    }

    private sealed class Square : Shape
    {
        public static OptionsSchema<Square> Schema { get; } = OptionsSchema.Create<Square>(b => b.Integer("side", "The side.", o => o.Side,
            (o, v) => o.Side = v, 1));
        public override string Name => "square";
        public int Side { get; set; } = 2;
    }

    [Fact]
    public void Names_are_in_the_order_added_and_taken_once()
    {
        var registry = new Registry<Shape>("shape").Add(Circle.Schema).Add(Square.Schema);
        Assert.Equal(["circle", "square"], registry.Names);
        Assert.Contains("'circle' is taken", Assert.Throws<ArgumentException>(() => registry.Add(Circle.Schema)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no 'line'", Assert.Throws<ArgumentException>(() => registry.Shorten("line", "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_checks_its_own_options()
    {
        Assert.Empty(Circle.Schema.Check(new Circle()));
        Assert.Equal(["radius: must be greater than 0, not -1.0"], Circle.Schema.Check(new Circle { Radius = -1 }));
        Assert.Equal(["side: must be at least 1, not 0"], Square.Schema.Check(new Square { Side = 0 }));
        Assert.Equal([new OptionDescription("radius", "a number", "greater than 0", "1.0", "The radius.")], Circle.Schema.Describe());
    }
}
