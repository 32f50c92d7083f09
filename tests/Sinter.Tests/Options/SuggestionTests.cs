using Sinter.Options;

namespace Sinter.Tests.Options;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ab", "ba", 1)]
    [InlineData("heads", "haeds", 1)]
    [InlineData("ca", "abc", 3)]
    public void Distance_counts_edits_and_swaps(string a, string b, int want)
    {
        Assert.Equal(want, Suggestion.Distance(a, b));
        Assert.Equal(want, Suggestion.Distance(b, a));
    }

    [Theory]
    [InlineData("num_layer", "num_layers")]
    [InlineData("numLayers", "num_layers")]
    [InlineData("NUM-LAYERS", "num_layers")]
    [InlineData("n_layers", "num_layers")]
    [InlineData("num_haeds", "num_heads")]
    [InlineData("bias", null)]
    [InlineData("", null)]
    public void The_nearest_is_found_if_it_is_near(string word, string? want) =>
        Assert.Equal(want, Suggestion.Nearest(word, ["num_layers", "num_heads", "num_kv_heads"]));
}
