using System.Text;
using Sinter.Models;
using Sinter.Text;
using Sinter.Text.Chat;

namespace Sinter.Generation;

/// <summary>Answers chats: writes them with the model's template, goes on from there, and stops where the template ends an assistant's turn.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">Its tokenizer.</param>
/// <param name="template">Its chat template.</param>
/// <param name="chat">What the template is given.</param>
/// <param name="generation">How tokens are chosen.</param>
public sealed class Answerer(CausalLanguageModel model, ITokenizer tokenizer, ChatTemplate template, ChatOptions chat, GenerationOptions generation)
{
    private readonly string? _end = TurnEnd.Of(template, chat);

    /// <summary>The pieces of the answer as they are made; characters come whole.</summary>
    /// <param name="messages">The chat, which ends with what is asked. Where it is longer than the context has room for, the oldest messages behind the system's are left
    /// out.</param>
    /// <param name="cancellation">Stops before the next token.</param>
    /// <exception cref="Text.Templates.TemplateException">The template refuses the messages.</exception>
    /// <exception cref="SinterException">The last message alone is longer than the context.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public IEnumerable<string> Answer(IReadOnlyList<ChatMessage> messages, CancellationToken cancellation = default)
    {
        int[] prompt = Prompt(messages);
        StreamingDecoder decoder = new(tokenizer, prompt);
        HeldText held = new(_end);
        foreach (int token in new TextGenerator(model).Generate(prompt, generation, cancellation))
        {
            string ready = held.Add(decoder.Append(token));
            if (ready.Length > 0) yield return ready;
            if (held.Ended) yield break;
        }
        if (held.Add(decoder.Finish()) + held.Rest() is { Length: > 0 } rest) yield return rest;
    }

    private int[] Prompt(IReadOnlyList<ChatMessage> messages)
    {
        int room = model.Config.ContextLength - Math.Min(generation.MaxNewTokens, model.Config.ContextLength / 4);
        List<ChatMessage> kept = [.. messages];
        int system = kept is [{ Role: ChatMessage.System }, ..] ? 1 : 0;
        while (true)
        {
            int[] prompt = tokenizer.Encode(template.Render(kept, chat with { AddGenerationPrompt = true }).Text);
            if (prompt.Length == 0) throw new SinterException("The chat has no tokens; ask something.");
            if (prompt.Length <= room) return prompt;
            // A question and its answer go together: templates want them to take turns.
            if (kept.Count < system + 3)
                throw new SinterException($"The question has {prompt.Length} tokens, and the model's context of {model.Config.ContextLength} has room for {room}; ask something shorter.");
            kept.RemoveRange(system, 2);
        }
    }

    /// <summary>Holds back what may be the beginning of the text that ends a turn.</summary>
    private sealed class HeldText(string? end)
    {
        private readonly StringBuilder _held = new();

        /// <summary>Whether the turn has ended.</summary>
        public bool Ended { get; private set; }

        /// <summary>Takes text and gives what is certain to belong to the answer.</summary>
        public string Add(string text)
        {
            _held.Append(text);
            string all = _held.ToString();
            int at = end is null ? -1 : all.IndexOf(end, StringComparison.Ordinal);
            Ended |= at >= 0;
            int ready = at >= 0 ? at : all.Length - Overlap(all);
            _held.Clear().Append(all, ready, at >= 0 ? 0 : all.Length - ready);
            return all[..ready];
        }

        /// <summary>What was held back for nothing.</summary>
        public string Rest() => Ended ? "" : _held.ToString();

        /// <summary>The longest end of the text that begins the turn's end.</summary>
        private int Overlap(string text)
        {
            if (end is null) return 0;
            int length = Math.Min(text.Length, end.Length - 1);
            while (length > 0 && !text.EndsWith(end[..length], StringComparison.Ordinal)) length--;
            return length;
        }
    }
}
