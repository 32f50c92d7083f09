using System.IO.MemoryMappedFiles;

namespace Sinter.Data;

/// <summary>A token file mapped into memory.</summary>
internal sealed unsafe class TokenFile : IDisposable
{
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;

    private TokenFile(string path, MemoryMappedFile map, MemoryMappedViewAccessor view, byte* start, TokenFileHeader header)
    {
        (Path, _map, _view, Header) = (path, map, view, header);
        Tokenizer = new ReadOnlySpan<byte>(start + TokenFileHeader.Size, (int)header.TokenizerLength).ToArray();
        byte* tokens = start + header.TokensStart;
        long* documents = (long*)(start + header.DocumentsStart);
        Train = new(this, tokens, header.TrainTokens, documents, header.TrainDocuments);
        Validation = new(this, tokens + header.TrainTokens * header.Width, header.ValidationTokens, documents + header.TrainDocuments, header.ValidationDocuments);
    }

    /// <summary>Where the file was when it was opened.</summary>
    public string Path { get; }

    /// <summary>The counts.</summary>
    public TokenFileHeader Header { get; }

    /// <summary>The content of the tokenizer's <c>tokenizer.json</c>.</summary>
    public byte[] Tokenizer { get; }

    /// <summary>The training tokens.</summary>
    public TokenArray Train { get; }

    /// <summary>The validation tokens.</summary>
    public TokenArray Validation { get; }

    /// <summary>Whether the memory is given back.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>Opens a file; null if there is none or it is damaged.</summary>
    public static TokenFile? TryOpen(string path)
    {
        if (!File.Exists(path)) return null;
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        if (file.Length < TokenFileHeader.Size) return null;
        MemoryMappedFile map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None,
            leaveOpen: true);
        MemoryMappedViewAccessor view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;
        TokenFileHeader? header = TokenFileHeader.Read(new(start, (int)Math.Min(file.Length, int.MaxValue)), file.Length);
        if (header is not null) return new(path, map, view, start, header.Value);
        Close(map, view);
        return null;
    }

    /// <summary>The error for a file that was damaged after it was opened.</summary>
    public static DataException Damaged(string path, string what) =>
        new($"{path}: the token cache is damaged: {what}; delete the file and start again");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (IsDisposed) return;
        IsDisposed = true;
        Close(_map, _view);
    }

    private static void Close(MemoryMappedFile map, MemoryMappedViewAccessor view)
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        map.Dispose();
    }
}
