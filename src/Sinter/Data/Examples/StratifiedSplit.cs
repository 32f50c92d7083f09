using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Sinter.Data.Examples;

/// <summary>
/// Holds examples out for validation so that each label keeps its share (Kohavi, "A Study of Cross-Validation and Bootstrap for Accuracy Estimation and Model
/// Selection", 1995, on stratification). Which ones is decided by a hash of each example's <see cref="Example.Group"/> and a seed: it does not depend on their order,
/// hardly changes when examples are added, and examples of one group, such as equal texts, are on one side.
/// </summary>
public static class StratifiedSplit
{
    /// <summary>Splits examples.</summary>
    /// <param name="examples">The examples. A group with several labels counts for its rarest; numbers make no strata.</param>
    /// <param name="fraction">The share to hold out, in (0, 1).</param>
    /// <param name="seed">Which split.</param>
    /// <returns>Both parts, each in the examples' order. Each label keeps a group to train on.</returns>
    /// <exception cref="DataException">There are too few examples to hold one out.</exception>
    public static (List<Example> Train, List<Example> Validation) Split(IReadOnlyList<Example> examples, double fraction, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(examples);
        UInt128[] groups = [.. examples.Select(e => Hash(e.Group, seed))];
        var held = new HashSet<UInt128>();
        foreach (var stratum in Groups(examples, groups)) Hold(stratum, fraction, held);
        var parts = examples.Index().ToLookup(e => held.Contains(groups[e.Index]), e => e.Item);
        if (!parts[true].Any())
            throw new DataException($"{examples.Count} examples are too few to hold {fraction:0.##} of each label out; give more, raise data.validation_fraction, "
                + "or name files to validate with (data.validation)");
        return ([.. parts[false]], [.. parts[true]]);
    }

    /// <summary>The groups and their sizes by stratum, which is the rarest label of a group, each stratum in the order of hashes.</summary>
    private static IEnumerable<List<(UInt128 Group, int Size)>> Groups(IReadOnlyList<Example> examples, UInt128[] hashes)
    {
        var counts = examples.SelectMany(e => e.Labels).CountBy(label => label, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return examples.Zip(hashes).GroupBy(e => e.Second)
            .Select(g => (Stratum: g.SelectMany(e => e.First.Labels).MinBy(label => (counts[label], label), Rarest) ?? "", Group: g.Key, Size: g.Count()))
            .GroupBy(g => g.Stratum, StringComparer.Ordinal)
            .Select(s => s.Select(g => (g.Group, g.Size)).OrderBy(g => g.Group).ToList());
    }

    /// <summary>Takes groups in the order of their hashes as long as each brings the count nearer to the share; never all.</summary>
    private static void Hold(List<(UInt128 Group, int Size)> stratum, double fraction, HashSet<UInt128> held)
    {
        double left = fraction * stratum.Sum(g => g.Size);
        int most = stratum.Count - 1;
        foreach (var (group, size) in stratum)
        {
            if (most == 0 || Math.Abs(left - size) >= left) continue;
            held.Add(group);
            left -= size;
            most--;
        }
    }

    private static readonly Comparer<(int Count, string Label)> Rarest =
        Comparer<(int Count, string Label)>.Create((x, y) => x.Count != y.Count ? x.Count.CompareTo(y.Count) : string.CompareOrdinal(x.Label, y.Label));

    private static UInt128 Hash(string group, ulong seed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(seed));
        hash.AppendData(MemoryMarshal.AsBytes(group.AsSpan()));
        return BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset());
    }
}
