using System.Runtime.InteropServices;
using Sinter.Text;

namespace Sinter.Data;

/// <summary>Writes a token file: trains the tokenizer if there is none, encodes the parts, and completes the header.</summary>
internal sealed class CorpusWriter(IReadOnlyList<TextSource> sources, TokenizerOptions options, ITokenizer? tokenizer, byte[] contentHash,
    CorpusReport report, CancellationToken cancellation)
{
    /// <summary>Writes to a file that is empty.</summary>
    public void Write(FileStream file)
    {
        ITokenizer used = tokenizer ?? Train();
        byte[] json = used.ToJson();
        TokenFileHeader header = new(0, used.VocabSize, 0, 0, 0, 0, json.Length, 0, 0, 0, contentHash);
        file.SetLength(header.TokensStart);
        file.Position = TokenFileHeader.Size;
        file.Write(json);
        file.Position = header.TokensStart;
        TokenWriter writer = new(used, file, cancellation);
        long done = 0, all = sources.Sum(s => s.Bytes);
        WrittenPart train = writer.Write(Pieces(DataPart.Train), Encoded), validation = writer.Write(Pieces(DataPart.Validation), Encoded);
        header = header with { Width = writer.Width, TrainTokens = train.Tokens, ValidationTokens = validation.Tokens, TrainBytes = train.Bytes,
            ValidationBytes = validation.Bytes, TrainDocuments = train.Documents.Count, ValidationDocuments = validation.Documents.Count };
        header = header with { FileLength = header.ExpectedLength };
        file.SetLength(header.ExpectedLength);
        file.Position = header.DocumentsStart;
        foreach (WrittenPart part in (WrittenPart[])[train, validation]) file.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(part.Documents)));
        file.Position = 0;
        file.Write(header.Write(json));

        void Encoded(long count)
        {
            done += count;
            report.Progress("encoding", all == 0 ? null : Math.Min(1, (double)done / all));
        }
    }

    private ITokenizer Train()
    {
        report.Progress("training the tokenizer");
        // Characters that only the validation part has would have no id: nanoGPT's alphabet is that of the whole text.
        bool characters = options.Kind == "characters";
        IEnumerable<ReadOnlyMemory<char>> texts = characters ? WithLineFeeds(DataPart.Train).Concat(WithLineFeeds(DataPart.Validation))
            : Pieces(DataPart.Train).Select(p => p.Text);
        return Tokenizers.Train(options, texts, report.Step("training the tokenizer"), cancellation);
    }

    private IEnumerable<TextPiece> Pieces(DataPart part) => sources.SelectMany(source => source.Read(part, cancellation));

    /// <summary>The texts, with a line feed where documents meet: it separates them for a tokenizer that has no end of text.</summary>
    private IEnumerable<ReadOnlyMemory<char>> WithLineFeeds(DataPart part)
    {
        int documents = 0;
        foreach (TextPiece piece in Pieces(part))
        {
            if (piece.StartsDocument && documents++ == 1) yield return "\n".AsMemory();
            yield return piece.Text;
        }
    }
}
