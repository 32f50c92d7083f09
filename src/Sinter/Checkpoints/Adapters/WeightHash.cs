using System.Security.Cryptography;
using System.Text;
using Sinter.Layers;

namespace Sinter.Checkpoints.Adapters;

/// <summary>The SHA-256 of weights, to know them again.</summary>
internal static class WeightHash
{
    private const int Piece = 1 << 30;

    /// <summary>Of the weights that are frozen because adapters are trained in their place, in hexadecimal; null where none is.</summary>
    public static unsafe string? OfBase(IReadOnlyList<Parameter> parameters)
    {
        if (!parameters.Any(p => p.IsFrozen)) return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in parameters.Where(p => p.IsFrozen))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(parameter.Name));
            byte* data = (byte*)parameter.Value.Pointer;
            for (long at = 0; at < parameter.Value.ByteLength; at += Piece)
                hash.AppendData(new ReadOnlySpan<byte>(data + at, (int)Math.Min(Piece, parameter.Value.ByteLength - at)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
