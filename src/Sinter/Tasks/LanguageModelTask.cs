using Sinter.Data;
using Sinter.Models;
using Sinter.Options;
using Sinter.Text;
using Sinter.Training;

namespace Sinter.Tasks;

/// <summary>Options of <c>language-model</c>, which has none of its own: <c>data</c> says it all.</summary>
public sealed class LanguageModelTaskOptions : TaskOptions
{
    /// <summary>The keys of <c>language-model</c> in recipes.</summary>
    public static OptionsSchema<LanguageModelTaskOptions> Schema { get; } =
        OptionsSchema.Create<LanguageModelTaskOptions>("Predict the next token of text: pretraining, or going on with it.", static _ => { });

    /// <inheritdoc/>
    public override string Name => "language-model";

    /// <inheritdoc/>
    public override ITask Create() => new LanguageModelTask(this);
}

/// <summary>Predicts the next token of text.</summary>
/// <param name="options">The options.</param>
public sealed class LanguageModelTask(LanguageModelTaskOptions options) : TokenTask(options)
{
    /// <inheritdoc/>
    public override TaskData Read(TaskInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        var corpus = CorpusBuilder.Build(input.Data, input.Tokenizer, input.BaseFolder, input.Logger, input.Progress, cancellation);
        try
        {
            if (input.Data.Sequences == SequenceForms.Windows) corpus.Require(input.ContextLength);
            return new TextData(corpus, TrainingData.Of(corpus, input.Data, input.Training, input.ContextLength));
        }
        catch (DataException e)
        {
            corpus.Dispose();
            throw new DataException($"data.text: {string.Join(", ", input.Data.Text)}: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public override CardPart Card(ModelConfig config, TaskData data) =>
        new("text-generation", "continues text", ["sinter generate MODEL --prompt \"Once\"", "sinter evaluate MODEL --data FILE"],
            """
            from transformers import AutoModelForCausalLM, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained("MODEL")
            model = AutoModelForCausalLM.from_pretrained("MODEL")
            tokens = model.generate(**tokenizer("Once", return_tensors="pt"), max_new_tokens=50)
            print(tokenizer.decode(tokens[0]))
            """);
}

/// <summary>The tokens of a text, and the sequences cut from them.</summary>
/// <param name="corpus">The text; disposed with this.</param>
/// <param name="sequences">Its sequences.</param>
public sealed class TextData(TokenCorpus corpus, TrainingData sequences) : TaskData
{
    /// <summary>The text.</summary>
    public TokenCorpus Corpus => corpus;

    /// <inheritdoc/>
    public override ITokenizer Tokenizer => corpus.Tokenizer;

    /// <inheritdoc/>
    public override TrainingData Sequences => sequences;

    /// <inheritdoc/>
    public override long TrainTokens => corpus.Train.Length;

    /// <inheritdoc/>
    public override long ValidationTokens => corpus.Validation.Length;

    /// <inheritdoc/>
    public override string ContentHash => corpus.ContentHash;

    /// <inheritdoc/>
    public override void Dispose()
    {
        corpus.Dispose();
        base.Dispose();
    }
}
