using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Sinter.Text;

namespace Sinter.Cli.Bench;

/// <summary>Trains a byte-level byte-pair tokenizer on a text, and encodes the text in pieces of a few thousand characters.</summary>
internal sealed class TokenizerBench
{
    private const int PieceChars = 4096;

    private readonly string _text;
    private readonly int _vocabSize;
    private readonly List<string> _pieces = [];

    public TokenizerBench(string path, int vocabSize)
    {
        (_text, _vocabSize) = (File.ReadAllText(path), vocabSize);
        for (int start = 0, end; start < _text.Length; start = end)
        {
            int line = start + PieceChars < _text.Length ? _text.IndexOf('\n', start + PieceChars) : -1;
            end = line < 0 ? _text.Length : line + 1;
            _pieces.Add(_text[start..end]);
        }
        Bytes = Encoding.UTF8.GetByteCount(_text);
    }

    /// <summary>Bytes of the text in UTF-8.</summary>
    public long Bytes { get; }

    /// <summary>Ids of the text.</summary>
    public long Tokens { get; private set; }

    /// <summary>SHA-256 of the ids, each as four bytes.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>Trains a tokenizer.</summary>
    public (ITokenizer Tokenizer, TimeSpan Time) Train()
    {
        long began = Stopwatch.GetTimestamp();
        ITokenizer tokenizer = Tokenizers.Train(new TokenizerOptions { VocabSize = _vocabSize }, [_text.AsMemory()]);
        return (tokenizer, Stopwatch.GetElapsedTime(began));
    }

    /// <summary>Encodes all pieces.</summary>
    public TimeSpan Encode(ITokenizer tokenizer, int threads)
    {
        var ids = new List<int>[_pieces.Count];
        long began = Stopwatch.GetTimestamp();
        Parallel.For(0, _pieces.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => tokenizer.Encode(_pieces[i], ids[i] = []));
        TimeSpan time = Stopwatch.GetElapsedTime(began);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var piece in ids) hash.AppendData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(piece)));
        (Tokens, Digest) = (ids.Sum(p => (long)p.Count), Convert.ToHexStringLower(hash.GetHashAndReset()));
        return time;
    }
}
