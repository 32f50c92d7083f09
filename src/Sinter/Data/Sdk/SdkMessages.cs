using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Sinter.Text;

namespace Sinter.Data.Sdk;

/// <summary>The English messages of the SDK's tools: the neutral resources inside their assemblies.</summary>
internal static class SdkMessages
{
    /// <summary>The messages of the newest SDK, a section per resource; a message of one word is left out.</summary>
    /// <exception cref="DataException">There is none.</exception>
    public static List<SdkSection> Read(string root)
    {
        string? sdk = SdkVersion.Newest(Path.Combine(root, "sdk"));
        string[] files = sdk is null ? [] : [.. Glob.FilesUnder(sdk).Where(IsAssembly)];
        List<SdkSection>[] sections = new List<SdkSection>[files.Length];
        ParallelWork.For(files.Length, i => sections[i] = ReadAssembly(files[i]));
        List<SdkSection> all = [.. sections.SelectMany(s => s)];
        if (all.Count == 0) throw new DataException($"data.text: the .NET SDK in {root} has neither API documentation nor messages; give text files");
        return all;
    }

    private static bool IsAssembly(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
        && !path.EndsWith(".resources.dll", StringComparison.OrdinalIgnoreCase);

    private static List<SdkSection> ReadAssembly(string path)
    {
        List<SdkSection> sections = [];
        try
        {
            using PEReader pe = new(File.OpenRead(path));
            if (!pe.HasMetadata) return sections;
            MetadataReader metadata = pe.GetMetadataReader();
            foreach (ManifestResourceHandle handle in metadata.ManifestResources)
            {
                ManifestResource resource = metadata.GetManifestResource(handle);
                string name = metadata.GetString(resource.Name);
                if (!resource.Implementation.IsNil || !name.EndsWith(".resources", StringComparison.Ordinal)) continue;
                string topic = name[..^".resources".Length];
                List<string> texts = [.. ResourceStrings.Read(Content(pe, resource)).Select(Tidy).Where(IsSentence)];
                if (texts.Count > 0) sections.Add(new(topic, topic, texts));
            }
        }
        // An SDK also holds files that are no assemblies, or damaged on purpose for tests.
        catch (Exception e)
            when (e is BadImageFormatException or IOException or UnauthorizedAccessException or ArgumentException or InvalidDataException)
        {
            return sections;
        }
        return sections;
    }

    private static byte[] Content(PEReader pe, ManifestResource resource)
    {
        PEMemoryBlock block = pe.GetSectionData(pe.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
        BlobReader reader = block.GetReader();
        reader.Offset = checked((int)resource.Offset);
        return reader.ReadBytes(reader.ReadInt32());
    }

    private static string Tidy(string text) =>
        string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static bool IsSentence(string text) => text.Contains(' ') && text.Count(char.IsAsciiLetter) > text.Length / 2;
}
