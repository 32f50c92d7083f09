using System.Collections;
using System.Resources;

namespace Sinter.Data.Sdk;

/// <summary>Reads the texts of a <c>.resources</c> stream.</summary>
internal static class ResourceStrings
{
    /// <summary>The values that are texts, in ordinal order of their keys.</summary>
    /// <exception cref="InvalidDataException">The stream is damaged.</exception>
    public static List<string> Read(byte[] content)
    {
        SortedDictionary<string, string> texts = new(StringComparer.Ordinal);
        try
        {
            using ResourceReader reader = new(new MemoryStream(content));
            IDictionaryEnumerator entries = reader.GetEnumerator();
            while (entries.MoveNext())
            {
                string key = (string)entries.Key;
                reader.GetResourceData(key, out string type, out byte[] data);
                if (type != "ResourceTypeCode.String") continue;
                using BinaryReader value = new(new MemoryStream(data));
                texts[key] = value.ReadString();
            }
        }
        catch (Exception e)
            when (e is BadImageFormatException or ArgumentException or FormatException or EndOfStreamException or NotSupportedException)
        {
            throw new InvalidDataException("the resources are damaged", e);
        }
        return [.. texts.Values];
    }
}
