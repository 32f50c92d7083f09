using System.CommandLine;
using Sinter.Cli.Shell;
using Sinter.Generation;

namespace Sinter.Cli.Commands;

/// <summary>How tokens are chosen: the options of the commands that make text.</summary>
/// <param name="tokens">Tokens at most, where it is not said.</param>
/// <param name="limit">What <c>--max-new-tokens</c> says of itself.</param>
/// <param name="temperature">The temperature, where it is not said.</param>
/// <param name="topP">The share of probability, where it is not said.</param>
/// <param name="seed">What <c>--seed</c> says of itself.</param>
internal sealed class GenerationInput(int tokens, string limit, double temperature, double topP, string seed)
{
    private readonly Option<int> _maxNewTokens = OptionParsing.Number("--max-new-tokens", limit, tokens);
    private readonly Option<double> _temperature =
        OptionParsing.Number("--temperature", "Lower is likelier text; 0 takes the likeliest token each time.", temperature);
    private readonly Option<int> _topK = OptionParsing.Number("--top-k", "Choose among this many of the likeliest tokens; 0 is all.", 0);
    private readonly Option<double> _topP = OptionParsing.Number("--top-p", "Choose among the likeliest tokens that together have this probability.", topP);
    private readonly Option<double> _repetition = OptionParsing.Number("--repetition-penalty", "Above 1, tokens already there become less likely.", 1.0);
    private readonly Option<ulong> _seed = OptionParsing.Number("--seed", seed, 1UL);

    /// <summary>The options.</summary>
    public IEnumerable<Option> All => [_maxNewTokens, _temperature, _topK, _topP, _repetition, _seed];

    /// <summary>What was given.</summary>
    /// <exception cref="UsageException">A value is out of its range.</exception>
    public GenerationOptions Read(ParseResult parsed)
    {
        var options = new GenerationOptions
        {
            MaxNewTokens = parsed.GetValue(_maxNewTokens),
            Temperature = parsed.GetValue(_temperature),
            TopK = parsed.GetValue(_topK),
            TopP = parsed.GetValue(_topP),
            RepetitionPenalty = parsed.GetValue(_repetition),
            Seed = parsed.GetValue(_seed),
        };
        try
        {
            options.Validate();
            return options;
        }
        catch (SinterException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
