using System.Security.Cryptography;
using System.Text;

namespace Sinter.Data;

/// <summary>Files with a JSON object per line, a document each. The first 1 − fraction of the documents train and the rest validates.</summary>
internal sealed class JsonLinesSource(IReadOnlyList<string> files, string column, double validationFraction) : TextSource
{
    private long _trainDocuments = -1;

    /// <inheritdoc/>
    public override string Name => files.Count == 1 ? files[0] : $"{files.Count} jsonl files";

    /// <inheritdoc/>
    public override long Bytes => files.Sum(Utf8Files.Length);

    /// <inheritdoc/>
    public override void AddContent(IncrementalHash hash, CancellationToken cancellation)
    {
        hash.AppendData("jsonl"u8);
        hash.AppendData(BitConverter.GetBytes(validationFraction));
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(column)));
        foreach (string file in files) Utf8Files.AddContent(file, hash, cancellation);
    }

    /// <inheritdoc/>
    public override IEnumerable<TextPiece> Read(DataPart part, CancellationToken cancellation)
    {
        if (_trainDocuments < 0) _trainDocuments = CountTrain(cancellation);
        IEnumerable<string> mine = part == DataPart.Train ? Take(ReadAll(cancellation), _trainDocuments)
            : Skip(ReadAll(cancellation), _trainDocuments);
        foreach (string text in mine) yield return new(text.AsMemory(), StartsDocument: true);
    }

    private long CountTrain(CancellationToken cancellation)
    {
        long all = 0;
        foreach (string _ in ReadAll(cancellation)) all++;
        if (all == 0)
            throw new DataException($"{Name}: there is no text in the field '{column}'; give a file with lines such as {{\"{column}\": \"...\"}}");
        long train = (long)(all * (1 - validationFraction));
        // Both parts have a document where that can be, unless everything validates.
        return validationFraction < 1 && all > 1 ? Math.Clamp(train, 1, all - 1) : train;
    }

    private IEnumerable<string> ReadAll(CancellationToken cancellation)
    {
        foreach (string file in files)
            foreach (string text in JsonLinesFile.Read(file, column, cancellation))
                if (text.Length > 0) yield return text;
    }

    private static IEnumerable<string> Take(IEnumerable<string> documents, long count)
    {
        if (count == 0) yield break;
        foreach (string document in documents)
        {
            yield return document;
            if (--count == 0) yield break;
        }
    }

    private static IEnumerable<string> Skip(IEnumerable<string> documents, long count)
    {
        foreach (string document in documents)
            if (count-- <= 0) yield return document;
    }
}
