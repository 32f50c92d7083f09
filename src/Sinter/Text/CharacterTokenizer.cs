using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Sinter.Text.Json;
using Sinter.Text.Patterns;

namespace Sinter.Text;

/// <summary>Each code point is one id, in the order of their values. An unpaired surrogate is taken for U+FFFD.</summary>
public sealed class CharacterTokenizer : ITokenizer
{
    private readonly Rune[] _alphabet;
    private readonly int[] _basic = new int[0x10000];
    private readonly Dictionary<Rune, int> _astral = [];

    /// <summary>Takes the distinct characters, sorted.</summary>
    internal CharacterTokenizer(Rune[] alphabet)
    {
        _alphabet = alphabet;
        Array.Fill(_basic, -1);
        for (int id = 0; id < alphabet.Length; id++)
        {
            if (alphabet[id].IsBmp) _basic[alphabet[id].Value] = id;
            else _astral.Add(alphabet[id], id);
        }
        for (int c = 0xD800; c < 0xE000; c++) _basic[c] = _basic[0xFFFD];
    }

    /// <inheritdoc/>
    public string Kind => "characters";

    /// <inheritdoc/>
    public int VocabSize => _alphabet.Length;

    /// <inheritdoc/>
    public int? EndOfTextId => null;

    /// <summary>The characters; an id is an index.</summary>
    public IReadOnlyList<Rune> Alphabet => _alphabet;

    /// <summary>Makes the tokenizer of the characters that <paramref name="texts"/> have.</summary>
    /// <exception cref="DataException">There is no character at all.</exception>
    public static CharacterTokenizer Train(IEnumerable<ReadOnlyMemory<char>> texts, CancellationToken cancellation = default)
    {
        CharacterSet set = new();
        foreach (ReadOnlyMemory<char> text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            set.Add(text.Span);
        }
        Rune[] alphabet = set.ToSortedArray();
        if (alphabet.Length == 0) throw new DataException("characters: the text is empty, so there is no alphabet; give a text");
        return new(alphabet);
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        int before = ids.Count, at = before;
        CollectionsMarshal.SetCount(ids, at + text.Length);
        Span<int> target = CollectionsMarshal.AsSpan(ids);
        for (int i = 0; i < text.Length; i++)
        {
            int id = _basic[text[i]];
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                id = _astral.GetValueOrDefault(new Rune(text[i], text[++i]), -1);
            if (id < 0)
            {
                CollectionsMarshal.SetCount(ids, before);
                ThrowUnknown(text, i);
            }
            target[at++] = id;
        }
        CollectionsMarshal.SetCount(ids, at);
    }

    /// <inheritdoc/>
    public void Decode(ReadOnlySpan<int> ids, IBufferWriter<byte> utf8)
    {
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)_alphabet.Length)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"a character's id is in [0, {VocabSize})");
            utf8.Advance(_alphabet[id].EncodeToUtf8(utf8.GetSpan(4)));
        }
    }

    /// <inheritdoc/>
    public byte[] ToJson() => TokenizerJsonWriter.WriteCharacters(_alphabet);

    private void ThrowUnknown(ReadOnlySpan<char> text, int index)
    {
        if (char.IsLowSurrogate(text[index]) && index > 0 && char.IsHighSurrogate(text[index - 1])) index--;
        Rune.DecodeFromUtf16(text[index..], out Rune rune, out _);
        throw new DataException($"characters: '{rune}' (U+{rune.Value:X4}), at position {index}, is not one of the {VocabSize} characters "
            + "that the tokenizer was trained on; remove it, or train with `tokenizer: { kind: bpe }` or `bytes`, which know every character");
    }
}
