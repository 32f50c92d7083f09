using System.Runtime.CompilerServices;
using System.Text;

namespace Sinter.Tensors;

/// <summary>The extents of a tensor, outermost first; at most <see cref="MaxRank"/> of them, held inline.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The most dimensions a tensor has.</summary>
    public const int MaxRank = 4;

    private readonly Extents _extents;

    /// <summary>The shape of a scalar: no extents, one element.</summary>
    public Shape() : this(ReadOnlySpan<long>.Empty) { }

    /// <summary>A shape of <paramref name="extents"/>; none is a scalar.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxRank"/> extents, or a negative one.</exception>
    public Shape(params ReadOnlySpan<long> extents)
    {
        if (extents.Length > MaxRank) throw new ArgumentException($"A tensor has at most {MaxRank} dimensions, not {extents.Length}.");
        long count = 1;
        for (int i = 0; i < extents.Length; i++)
        {
            if (extents[i] < 0) throw new ArgumentException($"Extent {i} is {extents[i]}; extents are not negative.");
            _extents[i] = extents[i];
            count = checked(count * extents[i]);
        }
        Rank = extents.Length;
        Count = count;
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank { get; }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>The extent of a dimension; negative indices count from the innermost, -1 being the last.</summary>
    public long this[int dimension]
    {
        get
        {
            int i = dimension < 0 ? dimension + Rank : dimension;
            return (uint)i < (uint)Rank ? _extents[i] : throw new ArgumentOutOfRangeException(nameof(dimension), $"A shape {this} has no dimension {dimension}.");
        }
    }

    /// <summary>The product of all extents but the last: the number of rows of the matrix that the tensor is in memory.</summary>
    public long Rows => Rank == 0 ? 1 : this[-1] == 0 ? 0 : Count / this[-1];

    /// <summary>The same shape with another last extent.</summary>
    public Shape WithLast(long extent)
    {
        Span<long> extents = stackalloc long[Rank];
        for (int i = 0; i < Rank; i++) extents[i] = _extents[i];
        extents[^1] = extent;
        return new Shape(extents);
    }

    /// <inheritdoc/>
    public bool Equals(Shape other)
    {
        if (Rank != other.Rank) return false;
        for (int i = 0; i < Rank; i++) if (_extents[i] != other._extents[i]) return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Rank, Count);

    /// <summary>Whether rank and extents are equal.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether rank or extents differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The extents as <c>[2, 3]</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder("[");
        for (int i = 0; i < Rank; i++) text.Append(i == 0 ? "" : ", ").Append(_extents[i]);
        return text.Append(']').ToString();
    }

    [InlineArray(MaxRank)]
    private struct Extents
    {
        private long _first;
    }
}
