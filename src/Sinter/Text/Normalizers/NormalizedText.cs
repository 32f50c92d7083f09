using Sinter.Text.Characters;

namespace Sinter.Text.Normalizers;

/// <summary>
/// A piece of text on its way to a model, which knows for each UTF-16 unit from which code points of the original text it came. Slices share memory;
/// a change replaces the whole content. For one thread. A text can't grow without bound, whatever a file says.
/// </summary>
internal sealed class NormalizedText
{
    private const int LeastLimit = 1 << 16;

    private char[] _chars;
    private Span[]? _origins;
    private readonly int _longest;
    private int _offset;

    private NormalizedText(char[] chars, Span[]? origins, int offset, int length, int originalStart, int longest) =>
        (_chars, _origins, _offset, Length, OriginalStart, _longest) = (chars, origins, offset, length, originalStart, longest);

    /// <summary>UTF-16 units.</summary>
    public int Length { get; private set; }

    /// <summary>The code point of the original text where the piece began when it was cut out.</summary>
    public int OriginalStart { get; }

    /// <summary>The text as it is now.</summary>
    public ReadOnlySpan<char> Text => _chars.AsSpan(_offset, Length);

    /// <summary>Takes a text that is the original one.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="aligned">Whether to remember where each unit comes from; without it the piece costs less.</param>
    public static NormalizedText Of(ReadOnlySpan<char> text, bool aligned)
    {
        Span[]? origins = aligned ? new Span[text.Length] : null;
        for (int i = 0, n = 0; aligned && i < text.Length; n++)
        {
            CodePoints.At(text, i, out int length);
            origins.AsSpan(i, length).Fill(new(n, n + 1));
            i += length;
        }
        return new(text.ToArray(), origins, 0, text.Length, 0, (int)Math.Min(LeastLimit + 64L * text.Length, Array.MaxLength));
    }

    /// <summary>A part of the piece.</summary>
    public NormalizedText Slice(int start, int end) => start == 0 && end == Length && (_origins is null || Length == 0 || _origins[_offset].Start == OriginalStart) ? this
        : new(_chars, _origins, _offset + start, end - start, start < end && _origins is not null ? _origins[_offset + start].Start : OriginalStart, _longest);

    /// <summary>The code points of the original text that a part comes from; nothing at the start where origins are not remembered.</summary>
    public (int Start, int End) Original(int start, int end)
    {
        if (_origins is null || Length == 0) return (OriginalStart, OriginalStart);
        int first = _offset + Math.Clamp(start, 0, Length - 1), last = _offset + Math.Clamp(end - 1, 0, Length - 1);
        return (_origins[first].Start, Math.Max(_origins[first].Start, _origins[last].End));
    }

    /// <summary>Takes the code points that <paramref name="changes"/> tell in place of the text.</summary>
    /// <param name="changes">The new text.</param>
    public void Transform(List<TextChange> changes)
    {
        Builder made = new(this, changes.Count);
        int at = 0;
        foreach (TextChange change in changes)
        {
            made.Add(change.CodePoint, change.Change > 0 ? at - 1 : at);
            for (int n = change.Change > 0 ? 0 : 1 - change.Change; n > 0 && at < Length; n--)
            {
                CodePoints.At(Text, at, out int length);
                at += length;
            }
        }
        made.Finish();
    }

    /// <summary>Puts a text before the first code point, as a part of it. Nothing happens to an empty piece.</summary>
    public void Prepend(ReadOnlySpan<char> text)
    {
        if (Length == 0) return;
        Builder made = new(this, text.Length + Length);
        made.Add(text, 0);
        made.Copy(0, Length);
        made.Finish();
    }

    /// <summary>Keeps the part that <paramref name="start"/> and <paramref name="end"/> bound.</summary>
    public void Trim(int start, int end) => (_offset, Length) = (_offset + start, end - start);

    /// <summary>Replaces each code point by none or several, which share its origin.</summary>
    /// <param name="replace">Appends what a code point becomes.</param>
    public void Replace(Action<int, List<int>> replace)
    {
        Builder made = new(this, Length);
        List<int> parts = [];
        for (int i = 0; i < Length;)
        {
            int codePoint = CodePoints.At(Text, i, out int length);
            parts.Clear();
            replace(codePoint, parts);
            foreach (int part in parts) made.Add(part, i);
            i += length;
        }
        made.Finish();
    }

    /// <summary>Replaces each code point that is any of <paramref name="affected"/> as <see cref="Replace(Action{int, List{int}})"/> does; the others stay.</summary>
    public void Replace(CharFlags affected, Action<int, List<int>> replace)
    {
        int first = 0, kept = 0;
        for (int length; first < Length && !CharTable.Is(CodePoints.At(Text, first, out length), affected); first += length) { }
        if (first == Length) return;
        Builder made = new(this, Length);
        List<int> parts = [];
        for (int i = first; i < Length;)
        {
            int codePoint = CodePoints.At(Text, i, out int length);
            if (CharTable.Is(codePoint, affected))
            {
                made.Copy(kept, i);
                kept = i + length;
                parts.Clear();
                replace(codePoint, parts);
                foreach (int part in parts) made.Add(part, i);
            }
            i += length;
        }
        made.Copy(kept, Length);
        made.Finish();
    }

    /// <summary>Replaces each match by a text, whose origin is the last code point of the match.</summary>
    public void Replace(List<Patterns.TextMatch> matches, ReadOnlySpan<char> content)
    {
        Builder made = new(this, Length);
        foreach (Patterns.TextMatch match in matches)
        {
            if (match.IsMatch) made.Add(content, match.End - 1);
            else made.Copy(match.Start, match.End);
        }
        made.Finish();
    }

    /// <summary>The first and the last code point of the original, one past it.</summary>
    private readonly record struct Span(int Start, int End);

    /// <summary>Makes the new content.</summary>
    private struct Builder(NormalizedText old, int capacity)
    {
        private char[] _chars = new char[capacity];
        private Span[]? _origins = old._origins is null ? null : new Span[capacity];
        private int _count;

        /// <summary>Adds a code point that comes from where the unit at <paramref name="origin"/> does.</summary>
        public void Add(int codePoint, int origin)
        {
            if (_chars.Length - _count < 2) Grow(2);
            int at = _count;
            if (codePoint < 0x10000) _chars[_count++] = (char)codePoint;
            else
            {
                _chars[_count++] = (char)(0xD7C0 + (codePoint >> 10));
                _chars[_count++] = (char)(0xDC00 + (codePoint & 0x3FF));
            }
            if (_origins is null) return;
            Span from = origin < 0 || old.Length == 0 ? new(old.OriginalStart, old.OriginalStart) : old._origins![old._offset + Math.Min(origin, old.Length - 1)];
            _origins[at] = from;
            _origins[_count - 1] = from;
        }

        public void Add(ReadOnlySpan<char> text, int origin)
        {
            if (_count + (long)text.Length > old._longest)
                throw new DataException($"the tokenizer's normalizer makes more than {old._longest} characters of a text; is it the right file?");
            foreach (char c in text) Add(c, origin);
        }

        public void Copy(int start, int end)
        {
            int length = end - start;
            if (_chars.Length - _count < length) Grow(length);
            old.Text[start..end].CopyTo(_chars.AsSpan(_count));
            if (_origins is not null) old._origins.AsSpan(old._offset + start, length).CopyTo(_origins.AsSpan(_count));
            _count += length;
        }

        public readonly void Finish() => (old._chars, old._origins, old._offset, old.Length) = (_chars, _origins, 0, _count);

        private void Grow(int room)
        {
            int size = (int)Math.Min(Math.Max(2L * _chars.Length, (long)_count + room + 8), Array.MaxLength);
            Array.Resize(ref _chars, size);
            if (_origins is not null) Array.Resize(ref _origins, size);
        }
    }
}
