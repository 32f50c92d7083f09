using System.Numerics;
using System.Runtime.Intrinsics;
using Sinter.Layers;
using Sinter.Optimizers;
using Sinter.Options;
using Sinter.Tensors;
using Sinter.Tensors.Updates;

namespace Sinter.Tests.Optimizers;

/// <summary>The optimizer that CONTRIBUTING.md shows, as a program of its own would add it.</summary>
public sealed class OwnOptimizerTests
{
    [Fact]
    public void One_that_a_program_adds_is_known_to_recipes_and_updates()
    {
        var mine = new Registry<OptimizerOptions>("optimizer").Add(SignOptions.Schema);
        Assert.Equal("sign", Assert.Single(mine.Describe()).Name);
        using var device = new CpuDevice(2);
        Parameter[] parameters = [new("w", device.Parameter(new Shape(3, 11)))];
        device.Tape.GradTarget(parameters[0].Value, out _).Span.Fill(-4);
        new SignOptions { LearningRate = 0.25 }.Create(parameters).Update(0.25, 1);
        Assert.All(parameters[0].Value.ToArray(), w => Assert.Equal(0.25f, w));
    }

    public sealed class SignOptions : OptimizerOptions
    {
        public static OptionsSchema<SignOptions> Schema { get; } = OptionsSchema.Create<SignOptions>("The sign of the gradient (Riedmiller and Braun, 1993).", Describe);

        public override string Name => "sign";

        public override IOptimizer Create(IReadOnlyList<ParameterGroup> groups) => new ElementwiseOptimizer<Rule>(groups, 0, s => new Rule { Step = s.LearningRate }, []);

        private struct Rule : IUpdateRule
        {
            public double Step;

            public readonly void Apply<T>(Vector512<T> g, ref Vector512<T> w, ref Vector512<T> a, ref Vector512<T> b, ref Vector512<T> c)
                where T : unmanaged, IFloatingPointIeee754<T> => w -= Vector512.CopySign(UpdateMath.Number<T>(Step), g);
        }
    }
}
