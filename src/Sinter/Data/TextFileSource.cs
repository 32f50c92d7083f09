using System.Security.Cryptography;

namespace Sinter.Data;

/// <summary>
/// Files of plain text, a document each. The first 1 − fraction of all characters train and the rest validates, so the split may cut a file; with one
/// file it is nanoGPT's <c>data[:int(n*0.9)]</c>.
/// </summary>
/// <param name="files">The files, in order.</param>
/// <param name="validationFraction">The share to validate, in (0, 1]; 1 is all.</param>
/// <param name="onEmpty">Hears once of each empty file, which is then left out; may throw.</param>
internal sealed class TextFileSource(IReadOnlyList<string> files, double validationFraction, Action<string> onEmpty) : TextSource
{
    private readonly HashSet<string> _empty = [];
    private long _trainCharacters = -1;

    /// <inheritdoc/>
    public override string Name => files.Count == 1 ? files[0] : $"{files.Count} text files";

    /// <inheritdoc/>
    public override long Bytes => files.Sum(Utf8Files.Length);

    /// <inheritdoc/>
    public override void AddContent(IncrementalHash hash, CancellationToken cancellation)
    {
        hash.AppendData("text"u8);
        hash.AppendData(BitConverter.GetBytes(validationFraction));
        foreach (string file in files) Utf8Files.AddContent(file, hash, cancellation);
    }

    /// <inheritdoc/>
    public override IEnumerable<TextPiece> Read(DataPart part, CancellationToken cancellation)
    {
        if (_trainCharacters < 0) _trainCharacters = CountTrain(cancellation);
        long position = 0;
        bool first = true;
        foreach (TextPiece piece in ReadAll(cancellation))
        {
            int cut = CodePoints.IndexOf(piece.Text.Span, Math.Max(0, _trainCharacters - position));
            position += CodePoints.Count(piece.Text.Span);
            ReadOnlyMemory<char> mine = part == DataPart.Train ? piece.Text[..cut] : piece.Text[cut..];
            if (mine.IsEmpty && part == DataPart.Train && position > _trainCharacters) yield break;
            if (mine.IsEmpty) continue;
            yield return new(mine, first || piece.StartsDocument);
            first = false;
        }
    }

    private long CountTrain(CancellationToken cancellation)
    {
        long all = 0;
        foreach (TextPiece piece in ReadAll(cancellation)) all += CodePoints.Count(piece.Text.Span);
        return (long)(all * (1 - validationFraction));
    }

    private IEnumerable<TextPiece> ReadAll(CancellationToken cancellation)
    {
        foreach (string file in files)
        {
            bool starts = true;
            foreach (ReadOnlyMemory<char> text in Utf8Files.ReadPieces(file, cancellation))
            {
                yield return new(text, starts);
                starts = false;
            }
            if (starts && _empty.Add(file)) onEmpty(file);
        }
    }
}
