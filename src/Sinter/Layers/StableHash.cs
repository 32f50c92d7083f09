using System.Text;

namespace Sinter.Layers;

/// <summary>A hash of names that never changes: FNV-1a, 32 bits, over UTF-8.</summary>
internal static class StableHash
{
    public static uint Of(string name)
    {
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 16777619;
        return hash;
    }
}
