using Sinter.Data.Chats;
using Sinter.Text;
using Sinter.Text.Chat;
using Sinter.Text.Templates;

namespace Sinter.Tasks;

/// <summary>Makes tokens of chats, says which are learned, and counts what is cut or left out.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="turns">The template, and whose turns are learned.</param>
/// <param name="contextLength">The most positions of a chat.</param>
/// <param name="truncates">Whether longer ones are cut rather than left out.</param>
internal sealed class ChatEncoder(ITokenizer tokenizer, TrainedTurns turns, int contextLength, bool truncates)
{
    private const int Named = 5, LongestPlace = 80;

    private readonly List<string> _empty = [], _cut = [], _dropped = [];

    /// <summary>Chats that were cut at the context.</summary>
    public int Cut => _cut.Count;

    /// <summary>Chats that were left out because they are longer than the context.</summary>
    public int Dropped => _dropped.Count;

    /// <summary>Chats that were left out because there is nothing to learn in them.</summary>
    public int Empty => _empty.Count;

    /// <summary>Encodes chats.</summary>
    /// <exception cref="DataException">The template refuses a chat; the message says which.</exception>
    public EncodedChats Encode(IReadOnlyList<ChatExample> chats, CancellationToken cancellation)
    {
        EncodedChats encoded = new(contextLength);
        foreach (var chat in chats)
        {
            cancellation.ThrowIfCancellationRequested();
            Add(chat, encoded);
        }
        return encoded;
    }

    /// <summary>The text of a chat, and what of it is learned.</summary>
    /// <exception cref="DataException">The template refuses the chat; the message says which.</exception>
    public ChatText Render(ChatExample chat)
    {
        try
        {
            return turns.Render(chat.Messages, chat.Tools);
        }
        catch (SinterException e) when (e is TemplateException or DataException)
        {
            throw new DataException($"{chat.Place}: {e.Message}", e);
        }
    }

    /// <summary>What was cut or left out, with the places of the first ones.</summary>
    public IEnumerable<string> Report()
    {
        if (_empty.Count > 0) yield return $"{Counted(_empty)} left out: there is no token of an assistant to learn in them ({Places(_empty)})";
        if (_cut.Count > 0) yield return $"{Counted(_cut)} longer than the context of {contextLength} and {(_cut.Count == 1 ? "is" : "are")} cut ({Places(_cut)})";
        if (_dropped.Count > 0) yield return $"{Counted(_dropped)} longer than the context of {contextLength} and {(_dropped.Count == 1 ? "is" : "are")} left out ({Places(_dropped)})";
    }

    private void Add(ChatExample chat, EncodedChats encoded)
    {
        var (text, generated) = Render(chat);
        var tokens = PlacedTokens.Of(tokenizer, text);
        bool isLong = tokens.Ids.Length > contextLength + 1;
        int length = isLong ? contextLength + 1 : tokens.Ids.Length;
        bool[] trained = new bool[length];
        foreach (var part in generated) Mark(tokens, part, trained);
        if (isLong && !truncates) _dropped.Add(chat.Place);
        else if (length < 2 || !trained.AsSpan(1).Contains(true)) _empty.Add(chat.Place);
        else
        {
            if (isLong) _cut.Add(chat.Place);
            encoded.Add(tokens.Ids.AsSpan(0, length), trained, chat.Place);
        }
    }

    // A token that begins before a turn and ends in it is learned, as in transformers' assistant masks.
    private static void Mark(PlacedTokens tokens, Range part, bool[] trained)
    {
        for (int i = 0; i < trained.Length; i++) trained[i] |= tokens.Ends[i] > part.Start.Value && tokens.Starts[i] < part.End.Value;
    }

    private static string Counted(List<string> places) => places.Count == 1 ? "1 chat is" : $"{places.Count} chats are";

    private static string Clip(string place) => place.Length <= LongestPlace ? place : place[..(LongestPlace - 1)] + "…";

    private static string Places(List<string> places) => string.Join(", ", places.Take(Named).Select(Clip)) + (places.Count > Named ? ", …" : "");
}
