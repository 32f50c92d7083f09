using System.Security.Cryptography;

namespace Sinter.Data;

/// <summary>Documents that are read again and again, the same each time, without being held in memory at once.</summary>
public abstract class TextSource
{
    /// <summary>What messages call it.</summary>
    public abstract string Name { get; }

    /// <summary>Adds to a hash what decides the text and its split: the content and the settings, but no path.</summary>
    /// <exception cref="DataException">A file can't be read.</exception>
    public abstract void AddContent(IncrementalHash hash, CancellationToken cancellation);

    /// <summary>About how many bytes the text has; 0 where that is not known yet.</summary>
    public abstract long Bytes { get; }

    /// <summary>The pieces of a part, in order. The first one starts a document, or goes on with one that the split has cut.</summary>
    /// <exception cref="DataException">A file can't be read, or is not what its extension says.</exception>
    public abstract IEnumerable<TextPiece> Read(DataPart part, CancellationToken cancellation);
}
