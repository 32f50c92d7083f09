using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sinter.Data.Sdk;

/// <summary>
/// The English documentation of the .NET SDK's own APIs, a document per type. The part of a document is decided by a hash of the type's name, and a
/// paragraph that occurs again is dropped, so that nothing validated was trained on.
/// </summary>
internal sealed class SdkDocsSource : TextSource
{
    /// <summary>Changes whenever other text comes out of the same files.</summary>
    private const int RenderingVersion = 1;

    private readonly double _validationFraction;
    private readonly Func<List<SdkSection>> _load;
    private readonly Func<byte[]> _hash;
    private List<SdkDocument>? _documents;

    private SdkDocsSource(double validationFraction, Func<byte[]> hash, Func<List<SdkSection>> load) =>
        (_validationFraction, _hash, _load) = (validationFraction, hash, load);

    /// <inheritdoc/>
    public override string Name => TextSources.SdkDocs;

    /// <inheritdoc/>
    public override long Bytes => _documents?.Sum(d => (long)d.Text.Length) ?? 0;

    /// <summary>Finds the SDK; where its packs have no documentation, its tools' messages take their place.</summary>
    /// <exception cref="DataException">There is no SDK, or there is neither documentation nor a message in it.</exception>
    public static SdkDocsSource Find(double validationFraction, Action<string> warn)
    {
        string root = SdkLocator.Find() ?? throw new DataException($"data.text: {TextSources.SdkDocs} needs the .NET SDK, which is in none of "
            + $"{string.Join(", ", SdkLocator.Candidates().Distinct())}; install it, set DOTNET_ROOT, or give text files");
        return Open(root, validationFraction, warn);
    }

    /// <summary>As <see cref="Find"/>, in a given root.</summary>
    internal static SdkDocsSource Open(string root, double validationFraction, Action<string> warn)
    {
        SdkXmlFiles xml = SdkXmlFiles.Find(root, warn);
        if (xml.Paths.Count > 0) return new(validationFraction, () => xml.Hash(), () => xml.Read());
        warn($"the .NET SDK in {root} has no API documentation (*.xml in packs/*.Ref); {TextSources.SdkDocs} takes "
            + "its tools' English messages in their place");
        Lazy<List<SdkSection>> messages = new(() => SdkMessages.Read(root));
        return new(validationFraction, () => Hash(messages.Value), () => messages.Value);
    }

    /// <inheritdoc/>
    public override void AddContent(IncrementalHash hash, CancellationToken cancellation)
    {
        hash.AppendData("sdk-docs"u8);
        hash.AppendData(BitConverter.GetBytes(RenderingVersion));
        hash.AppendData(BitConverter.GetBytes(_validationFraction));
        hash.AppendData(_hash());
    }

    /// <inheritdoc/>
    public override IEnumerable<TextPiece> Read(DataPart part, CancellationToken cancellation)
    {
        _documents ??= SdkDocuments.Group(_load());
        foreach (SdkDocument document in _documents)
            if (PartOf(document.Topic, _validationFraction) == part) yield return new(document.Text.AsMemory(), StartsDocument: true);
    }

    /// <summary>The part that a topic belongs to, the same on every machine.</summary>
    internal static DataPart PartOf(string topic, double validationFraction)
    {
        ulong hash = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(topic)));
        return (hash >> 11) * (1.0 / (1L << 53)) < validationFraction ? DataPart.Validation : DataPart.Train;
    }

    private static byte[] Hash(List<SdkSection> sections)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string text in sections.SelectMany(s => s.Paragraphs)) hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return hash.GetHashAndReset();
    }
}
