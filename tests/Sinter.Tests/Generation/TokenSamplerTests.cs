using Sinter.Generation;

namespace Sinter.Tests.Generation;

/// <summary>The distribution that tokens are drawn from, against the definition.</summary>
public sealed class TokenSamplerTests
{
    private const int Draws = 40_000;
    private static readonly float[] Logits = [1.5f, -0.5f, 3f, 0f, 2.5f, -4f, 2.5f];

    [Theory]
    [InlineData(1.0, 0, 1.0), InlineData(0.5, 0, 1.0), InlineData(2.0, 0, 1.0), InlineData(1.0, 3, 1.0), InlineData(1.0, 1, 1.0),
        InlineData(1.0, 100, 1.0),
     InlineData(1.0, 0, 0.8), InlineData(1.0, 0, 0.41), InlineData(1.0, 0, 1e-9), InlineData(0.7, 4, 0.9), InlineData(2.0, 3, 0.5)]
    public void Shares_are_those_of_the_definition(double temperature, int topK, double topP)
    {
        var sampler = new TokenSampler(new GenerationOptions { Temperature = temperature, TopK = topK, TopP = topP, Seed = 5 });
        double[] want = Distribution(temperature, topK, topP);
        int[] counts = new int[Logits.Length];
        for (int i = 0; i < Draws; i++) counts[sampler.Choose([.. Logits], [], i)]++;
        for (int token = 0; token < want.Length; token++)
        {
            // Five deviations of a binomial: one run in two million would stray by chance, and the seed is fixed.
            double deviation = Math.Sqrt(want[token] * (1 - want[token]) / Draws);
            Assert.True(Math.Abs((double)counts[token] / Draws - want[token]) <= 5 * deviation,
                $"token {token}: {(double)counts[token] / Draws} instead of {want[token]}");
        }
    }

    [Fact]
    public void Temperature_0_takes_the_first_of_the_likeliest()
    {
        var sampler = new TokenSampler(new GenerationOptions { Temperature = 0 });
        Assert.Equal(2, sampler.Choose([.. Logits], [], 0));
        Assert.Equal(1, sampler.Choose([0, 7, 7, 1], [], 0));
    }

    // Keskar et al.: each earlier token once, however often it was there; positive logits are divided, negative ones multiplied.
    [Fact]
    public void Repetition_penalty_changes_the_logits_of_earlier_tokens()
    {
        var sampler = new TokenSampler(new GenerationOptions { Temperature = 0, RepetitionPenalty = 2 });
        float[] logits = [.. Logits];
        Assert.Equal(4, sampler.Choose(logits, [2, 2, 1, 2], 0));
        Assert.Equal([1.5f, -1f, 1.5f, 0f, 2.5f, -4f, 2.5f], logits);
    }

    [Fact]
    public void A_choice_depends_on_seed_and_position()
    {
        int[] Choices(ulong seed)
        {
            var sampler = new TokenSampler(new GenerationOptions { Seed = seed });
            return [.. Enumerable.Range(0, 100).Select(i => sampler.Choose([.. Logits], [], i))];
        }
        Assert.Equal(Choices(1), Choices(1));
        Assert.NotEqual(Choices(1), Choices(2));
        var sampler = new TokenSampler(new GenerationOptions { Seed = 1 });
        Assert.Equal(Choices(1)[70], sampler.Choose([.. Logits], [], 70));
    }

    [Fact]
    public void Logits_that_are_no_numbers_are_an_error()
    {
        foreach (double temperature in (double[])[0, 1])
        {
            var sampler = new TokenSampler(new GenerationOptions { Temperature = temperature });
            Assert.Contains("no numbers", Assert.Throws<SinterException>(() => sampler.Choose([1, float.NaN, 2], [], 3)).Message,
                StringComparison.Ordinal);
            Assert.Contains("no numbers", Assert.Throws<SinterException>(() => sampler.Choose([1, float.PositiveInfinity, 2], [], 3)).Message,
                StringComparison.Ordinal);
            Assert.Equal(2, sampler.Choose([float.NegativeInfinity, -200, 2], [], 3));   // what is ruled out is no error
        }
    }

    private static double[] Distribution(double temperature, int topK, double topP)
    {
        int most = topK == 0 ? Logits.Length : topK;
        var order = Enumerable.Range(0, Logits.Length).OrderByDescending(i => Logits[i]).ThenBy(i => i).Take(most).ToList();
        double total = order.Sum(i => Math.Exp(Logits[i] / temperature)), reached = 0;
        var kept = new List<int>();
        foreach (int i in order)
        {
            if (reached >= topP) break;
            kept.Add(i);
            reached += Math.Exp(Logits[i] / temperature) / total;
        }
        var shares = new double[Logits.Length];
        foreach (int i in kept) shares[i] = Math.Exp(Logits[i] / temperature) / total / reached;
        return shares;
    }
}
