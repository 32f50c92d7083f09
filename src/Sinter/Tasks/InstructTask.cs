using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Sinter.Data;
using Sinter.Data.Chats;
using Sinter.Models;
using Sinter.Text;
using Sinter.Text.BytePair;
using Sinter.Text.Chat;
using Sinter.Training;

namespace Sinter.Tasks;

/// <summary>Learns to answer: chats become text by a template, and the assistant's turns are predicted (Ouyang et al., "Training language models to follow instructions
/// with human feedback", 2022, section 3.5, the supervised part).</summary>
/// <param name="options">The options.</param>
public sealed class InstructTask(InstructTaskOptions options) : TokenTask(options)
{
    /// <inheritdoc/>
    public override TaskData Read(TaskInput input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        input.Progress?.Report(("reading chats", null));
        var template = Template(input);
        var (train, validation) = ChatSources.Read(input.Data, options.Columns, input.BaseFolder, w => input.Logger.LogWarning("{Warning}", w), cancellation);
        ChatOptions given = new() { Today = options.Day, Tokens = input.Chat?.Tokens ?? NewTokens(input.Data.Tokenizer) };
        TrainedTurns turns = new(template, given);
        var tokenizer = input.Tokenizer ?? TrainTokenizer(input, turns, train, cancellation);
        input.Progress?.Report(("encoding chats", null));
        ChatEncoder encoder = new(tokenizer, turns, input.ContextLength, options.TooLong == InstructTaskOptions.Truncate);
        EncodedChats encodedTrain = encoder.Encode(train, cancellation), encodedValidation = encoder.Encode(validation, cancellation);
        foreach (string line in encoder.Report()) input.Logger.LogWarning("{Warning}", line);
        RequireSome(encodedTrain, encodedValidation, input);
        return new InstructData(tokenizer, template, encodedTrain, encodedValidation,
            Sequences(input, encodedTrain, encodedValidation), Hash(input, template, given, tokenizer, [.. train, .. validation], turns));
    }

    /// <inheritdoc/>
    public override CardPart Card(ModelConfig config, TaskData data) => new("text-generation", "answers", ["sinter chat MODEL"],
        """
        from transformers import AutoModelForCausalLM, AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained("MODEL")
        model = AutoModelForCausalLM.from_pretrained("MODEL")
        chat = [{"role": "user", "content": "a question"}]
        prompt = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_dict=True, return_tensors="pt")
        tokens = model.generate(**prompt, max_new_tokens=200)
        print(tokenizer.decode(tokens[0, prompt["input_ids"].shape[1]:], skip_special_tokens=True))
        """);

    /// <inheritdoc/>
    protected override string Unit => "tokens of answers";

    /// <inheritdoc/>
    protected override long Trained(TaskData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data.Sequences.Train.TargetsOf(0, data.Sequences.Train.PerPass);
    }

    private ChatTemplate Template(TaskInput input)
    {
        if (options.ChatTemplate is { } name) return ChatTemplates.Find(name);
        return input.Chat is { TemplateText: not null } own ? own.Template() : throw new RecipeException(
            $"task.chat_template: {(input.Chat is null ? "a new model" : $"the model in {input.Chat.Folder}")} has no chat template of its own; "
            + $"choose {string.Join(", ", ChatTemplates.Names)}, or a .jinja file");
    }

    // The learner of a byte-pair vocabulary gives it this token; the other kinds have none.
    private static ChatTokens NewTokens(TokenizerOptions tokenizer) => tokenizer.Kind != "bpe" ? new()
        : new([new(ChatTokens.Begin, BytePairTokenizer.EndOfText), new(ChatTokens.End, BytePairTokenizer.EndOfText)]);

    private static ITokenizer TrainTokenizer(TaskInput input, TrainedTurns turns, List<ChatExample> train, CancellationToken cancellation)
    {
        input.Progress?.Report(("training the tokenizer", null));
        ChatEncoder renderer = new(ByteTokenizer.Instance, turns, input.ContextLength, truncates: true);
        return Tokenizers.Train(input.Data.Tokenizer,
            train.Select(chat => renderer.Render(chat).Text.Replace(BytePairTokenizer.EndOfText, "", StringComparison.Ordinal).AsMemory()), null, cancellation);
    }

    private static TrainingData Sequences(TaskInput input, EncodedChats train, EncodedChats validation)
    {
        bool packs = input.Data.Sequences == SequenceForms.Packed;
        return new(new RowSampler(train, packs, input.Training.Seed, input.Training.BatchSize.Buckets), new RowValidation(validation, packs, input.Training.EvalTokens));
    }

    private static void RequireSome(EncodedChats train, EncodedChats validation, TaskInput input)
    {
        if (train.Count > 0 && validation.Count > 0) return;
        throw new DataException($"data.text: {string.Join(", ", input.Data.Text.Concat(input.Data.Validation))}: no chat is left to {(train.Count == 0 ? "train" : "validate")} with; "
            + "give more chats, raise model.context_length, or see what the messages above say");
    }

    private static string Hash(TaskInput input, ChatTemplate template, ChatOptions given, ITokenizer tokenizer, IEnumerable<ChatExample> chats, TrainedTurns turns)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"sinter chats 1 {input.Data.Sequences} {input.ContextLength} {input.Data.ValidationFraction:R} {given.Today:O}\0{template.Text}\0"));
        hash.AppendData(SHA256.HashData(tokenizer.ToJson()));
        foreach (var chat in chats) hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(turns.Render(chat.Messages, chat.Tools).Text)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
