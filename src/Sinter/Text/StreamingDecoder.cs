using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Sinter.Text;

/// <summary>Decodes ids as they arrive and gives complete characters only; bytes that are no UTF-8 become U+FFFD. For one thread.</summary>
public sealed class StreamingDecoder
{
    private const int UsualContext = 16, MostBytes = 8;

    private readonly ITokenizer _tokenizer;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly ArrayBufferWriter<byte> _bytes = new();

    // Where a token's text depends on what is before it: the last tokens given out and their text, and behind them those that are not given out.
    private readonly List<int> _window = [];
    private string _shown = "";
    private int _shownIds;

    /// <summary>Creates a decoder.</summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="before">Ids that come before, whose text is not given: the prompt. With many tokenizers a text's first word is without its space.</param>
    public StreamingDecoder(ITokenizer tokenizer, ReadOnlySpan<int> before = default)
    {
        _tokenizer = tokenizer;
        if (tokenizer.DecodesEachId || before.IsEmpty) return;
        // Not from the middle of a character, whose bytes would spoil those that follow.
        for (int context = UsualContext; _window.Count < before.Length && (_window.Count == 0 || Text().Contains('\uFFFD')); context *= 2)
        {
            _window.Clear();
            _window.AddRange(before[^Math.Min(before.Length, context)..]);
        }
        Advance(0);
    }

    /// <summary>Takes one id and gives the characters that it completes, often none or several.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    public string Append(int id)
    {
        if (!_tokenizer.DecodesEachId) return AppendToWindow(id);
        _bytes.ResetWrittenCount();
        _tokenizer.Decode([id], _bytes);
        return Convert(_bytes.WrittenSpan, flush: false);
    }

    /// <summary>Ends the text: a character that was begun and never completed comes out as U+FFFD. The decoder can then begin anew.</summary>
    public string Finish()
    {
        if (_tokenizer.DecodesEachId) return Convert([], flush: true);
        string rest = New(Text());
        _window.Clear();
        (_shown, _shownIds) = ("", 0);
        return rest;
    }

    private string AppendToWindow(int id)
    {
        if ((uint)id >= (uint)_tokenizer.VocabSize) throw new ArgumentOutOfRangeException(nameof(id), id, $"the vocabulary has {_tokenizer.VocabSize} ids");
        _window.Add(id);
        string text = Text();
        // A character of several byte tokens is U+FFFD until it is complete.
        if (text.EndsWith('\uFFFD') && _window.Count - _shownIds < MostBytes) return "";
        string made = New(text);
        Advance(_shownIds);
        return made;
    }

    /// <summary>Forgets the oldest ids; those that are left are given out.</summary>
    private void Advance(int forgotten)
    {
        _window.RemoveRange(0, forgotten);
        (_shown, _shownIds) = (Text(), _window.Count);
    }

    private string Text() => _tokenizer.Decode(CollectionsMarshal.AsSpan(_window), skipSpecialTokens: false);

    private string New(string text) => text[Math.Min(text.Length, _shown.Length)..];

    private string Convert(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> chars = bytes.Length < 256 ? stackalloc char[260] : new char[bytes.Length + 4];
        return new string(chars[.._decoder.GetChars(bytes, chars, flush)]);
    }
}
