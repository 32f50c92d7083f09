using System.Globalization;
using Sinter.Data.Chats;
using Sinter.Options;
using Sinter.Text.Chat;

namespace Sinter.Tasks;

/// <summary>Options of <c>instruct</c>.</summary>
public sealed class InstructTaskOptions : TaskOptions
{
    /// <summary>What <see cref="TooLong"/> takes to cut a chat at the context.</summary>
    public const string Truncate = "truncate";

    /// <summary>What <see cref="TooLong"/> takes to leave a chat out.</summary>
    public const string Drop = "drop";

    /// <summary>The keys of <c>instruct</c> in recipes.</summary>
    public static OptionsSchema<InstructTaskOptions> Schema { get; } = OptionsSchema.Create<InstructTaskOptions>(
        "Answer: chats of .jsonl files (messages, or prompt and completion); the assistant's turns are learned.", static b =>
    {
        b.OptionalText("chat_template", $"How chats become text: {string.Join(", ", ChatTemplates.Names)}, or a .jinja file; null is the pretrained model's own.",
            o => o.ChatTemplate, (o, v) => o.ChatTemplate = v, static (v, folder) => ChatTemplates.Names.Contains(v) ? v : Path.GetFullPath(v, folder));
        b.Text("messages", "The field of a line that holds the messages, each with role and content.", o => o.Messages, (o, v) => o.Messages = v, NotEmpty);
        b.Text("prompt", "Where there are no messages: the field that holds the question.", o => o.Prompt, (o, v) => o.Prompt = v, NotEmpty);
        b.Text("completion", "Where there are no messages: the field that holds the answer.", o => o.Completion, (o, v) => o.Completion = v, NotEmpty);
        b.Choice("too_long", "What becomes of a chat longer than the context: its end is cut off, or it is left out.", o => o.TooLong, (o, v) => o.TooLong = v, [Truncate, Drop]);
        b.OptionalText("date", "The day that a template which writes today's date writes, as 2026-01-31; null has such a template refuse.", o => o.Date, (o, v) => o.Date = v);
        b.Rule(["date"], static o => o.Date is null || o.Day is not null ? null : $"'{o.Date}' is no day; write it as 2026-01-31");
    });

    /// <inheritdoc/>
    public override string Name => "instruct";

    /// <inheritdoc/>
    public override bool TakesValidationFiles => true;

    /// <summary>A built-in template's name or a file; null is the pretrained model's own.</summary>
    public string? ChatTemplate { get; set; }

    /// <summary>The field of a line that holds the messages.</summary>
    public string Messages { get; set; } = "messages";

    /// <summary>Where there are no messages: the field that holds the question.</summary>
    public string Prompt { get; set; } = "prompt";

    /// <summary>Where there are no messages: the field that holds the answer.</summary>
    public string Completion { get; set; } = "completion";

    /// <summary><see cref="Truncate"/> or <see cref="Drop"/>.</summary>
    public string TooLong { get; set; } = Truncate;

    /// <summary>The day that templates write, as <c>2026-01-31</c>.</summary>
    public string? Date { get; set; }

    internal DateTime? Day => DateTime.TryParseExact(Date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    internal ChatColumns Columns => new(Messages, Prompt, Completion);

    /// <inheritdoc/>
    public override ITask Create() => new InstructTask(this);

    private static string? NotEmpty(string name) => name.Length == 0 ? "must not be empty" : null;
}
