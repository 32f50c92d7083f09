using System.Security.Cryptography;
using System.Xml;
using Sinter.Text;

namespace Sinter.Data.Sdk;

/// <summary>The documentation files of the SDK's reference packs, one of each content.</summary>
internal sealed class SdkXmlFiles
{
    private readonly byte[][] _hashes;
    private readonly Action<string> _warn;

    private SdkXmlFiles(List<string> paths, byte[][] hashes, Action<string> warn) => (Paths, _hashes, _warn) = (paths, hashes, warn);

    /// <summary>The files, in ordinal order of pack and path.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Finds the files of the newest version of each <c>packs/*.Ref</c>; of files with the same content the first.</summary>
    public static SdkXmlFiles Find(string root, Action<string> warn)
    {
        string packs = Path.Combine(root, "packs");
        List<string> all = [];
        if (Directory.Exists(packs))
            foreach (string pack in Directory.EnumerateDirectories(packs, "*.Ref").Order(StringComparer.Ordinal))
                if (SdkVersion.Newest(pack) is { } version) all.AddRange(Glob.FilesUnder(version).Where(IsDocumentation));
        byte[][] hashes = new byte[all.Count][];
        ParallelWork.For(all.Count, i => hashes[i] = SHA256.HashData(ReadAll(all[i])));
        HashSet<string> seen = [];
        int[] kept = [.. Enumerable.Range(0, all.Count).Where(i => seen.Add(Convert.ToHexString(hashes[i])))];
        return new([.. kept.Select(i => all[i])], [.. kept.Select(i => hashes[i])], warn);
    }

    /// <summary>A hash of all files.</summary>
    public byte[] Hash() => SHA256.HashData(_hashes.SelectMany(h => h).ToArray());

    /// <summary>What the files say, file by file.</summary>
    /// <param name="parts">Which parts of it.</param>
    public List<SdkSection> Read(XmlDocParts parts = XmlDocParts.All)
    {
        List<SdkSection>[] sections = new List<SdkSection>[Paths.Count];
        ParallelWork.For(sections.Length, i =>
        {
            try
            {
                sections[i] = XmlDocReader.Read(ReadAll(Paths[i]), parts);
            }
            catch (XmlException e)
            {
                sections[i] = [];
                lock (_hashes) _warn($"{Paths[i]} is left out: it is not XML: {e.Message}");
            }
        });
        return [.. sections.SelectMany(s => s)];
    }

    private static bool IsDocumentation(string path) => path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)
        && File.Exists(Path.ChangeExtension(path, ".dll"));

    private static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Utf8Files.Unreadable(path, e);
        }
    }
}
