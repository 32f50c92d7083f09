using System.Diagnostics;
using System.Text;
using Sinter.Recipes;

namespace Sinter.Tests.Recipes;

/// <summary>Text made to hurt a YAML reader is refused at once, with an error for the user.</summary>
public sealed class HostileYamlTests
{
    // A refusal takes milliseconds; the limit leaves room for a loaded machine and is far below what an expansion would take.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private static string Refused(string yaml, params string[] sets)
    {
        var clock = Stopwatch.StartNew();
        var error = Assert.Throws<RecipeException>(() => RecipeReader.Parse(yaml, "r.yaml", sets));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Limit);
        Assert.All(error.Errors, e => Assert.InRange(e.Length, 1, 1000));
        return error.Errors[0];
    }

    [Theory]
    [InlineData("[", "nested more than 16 deep")]
    [InlineData("{a: ", "nested more than 16 deep")]
    [InlineData("- ", "nested more than 16 deep")]
    [InlineData("? ", "a key must be a plain name")]
    [InlineData("{[", "a key must be a plain name")]
    [InlineData("&a ", "found more than one anchor")]
    [InlineData("a: &b\n", "more than 10000 values")]
    public void Deep_nesting_and_repetition(string part, string refusal) =>
        Assert.Contains(refusal, Refused("data: 1\nx:\n  " + string.Concat(Enumerable.Repeat(part, 30_000))), StringComparison.Ordinal);

    [Fact]
    public void Aliases_that_multiply()
    {
        var yaml = new StringBuilder("x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n");
        for (int i = 1; i < 30; i++) yaml.Append($"x{i}: &x{i} [{string.Join(", ", Enumerable.Repeat($"*x{i - 1}", 10))}]\n");
        Assert.StartsWith("r.yaml:1:1: x0: unknown key", Refused(yaml + "data: { text: *x29 }\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Mappings_that_multiply()
    {
        var yaml = new StringBuilder("x0: &x0 { kind: bpe }\n");
        for (int i = 1; i < 30; i++) yaml.Append($"x{i}: &x{i} {{ a: *x{i - 1}, b: *x{i - 1}, c: *x{i - 1} }}\n");
        Refused(yaml + "data: *x29\nmodel: *x29\ntraining: *x29\n", "data.a.a.a=1", "training.schedule.name=linear");
    }

    [Fact]
    public void An_alias_of_itself() => Assert.Contains("unknown alias '*a'", Refused("data: &a { text: *a }"), StringComparison.Ordinal);

    [Fact]
    public void Too_long() =>
        Assert.Equal("r.yaml: 2000006 characters are too many for a recipe; at most 262144", Refused("name: " + new string('x', 2_000_000)));

    [Fact]
    public void A_long_scalar() => Assert.Contains("name: is part of a folder's name and must have at most 100 characters",
        Refused("name: " + new string('x', 200_000) + "\ndata: { text: a }\ntraining: { epochs: 1 }"), StringComparison.Ordinal);

    [Fact]
    public void A_long_number() => Assert.Contains("training.max_steps: must be from 1 to 9223372036854775807, not 9999999999",
        Refused("data: { text: a }\ntraining: { max_steps: " + new string('9', 200_000) + " }"), StringComparison.Ordinal);

    [Fact]
    public void A_huge_exponent() => Assert.Contains("training.max_steps: must be from 1 to 9223372036854775807, not 1e999999999999",
        Refused("data: { text: a }\ntraining: { max_steps: 1e999999999999 }"), StringComparison.Ordinal);

    [Fact]
    public void A_long_key() => Refused(new string('k', 100_000) + "x: 1");

    [Fact]
    public void Many_keys() => Assert.Contains("more than 10000 values", Refused(string.Concat(Enumerable.Range(0, 20_000).Select(i =>
        $"k{i}: 1\n"))), StringComparison.Ordinal);

    [Fact]
    public void Control_characters_and_nul() => Refused("data: \0\u0001\u0002\n");

    /// <summary>Whatever is done to a good recipe's text, the reader either reads it or says what is wrong: no other exception, no hang.</summary>
    [Fact]
    public void Random_damage()
    {
        string good = File.ReadAllText(Repository.Recipe("sdk-docs.yaml"));
        const string alphabet = "{}[]:,-?&*!|>'\"%@`#\n\t \0\u0085\uFEFFaz0.e+~<=\\";
        var random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 3000; round++)
        {
            var text = new StringBuilder(good);
            for (int edit = random.Next(1, 6); edit > 0; edit--)
            {
                int at = random.Next(text.Length);
                if (random.Next(3) == 0) text.Remove(at, Math.Min(random.Next(1, 40), text.Length - at));
                else if (random.Next(2) == 0) text[at] = alphabet[random.Next(alphabet.Length)];
                else text.Insert(at, alphabet[random.Next(alphabet.Length)]);
            }
            try { RecipeReader.Parse(text.ToString(), "r.yaml"); }
            catch (RecipeException) { refused++; }
        }
        Assert.InRange(refused, 300, 2999);
    }
}
