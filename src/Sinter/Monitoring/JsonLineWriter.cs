using System.Globalization;

namespace Sinter.Monitoring;

/// <summary>
/// Writes one JSON object of numbers into a span, without allocating. Numbers read back bit for bit. JSON has no NaN and no infinities: they are
/// the strings <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>, as System.Text.Json names them.
/// </summary>
internal ref struct JsonLineWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Begins the object.</summary>
    public void Begin() => Raw("{"u8);

    /// <summary>Ends the object and the line: <see cref="End"/>'s bytes can be replaced by more members.</summary>
    public void Finish() => Raw(End);

    /// <summary>How every line ends.</summary>
    public static ReadOnlySpan<byte> End => "}\n"u8;

    /// <summary>A whole number; <paramref name="name"/> needs no escapes.</summary>
    public void Member(ReadOnlySpan<byte> name, long value)
    {
        Name(name);
        value.TryFormat(_destination[Length..], out int written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <summary>A number; <paramref name="name"/> needs no escapes.</summary>
    public void Member(ReadOnlySpan<byte> name, double value)
    {
        Name(name);
        if (!double.IsFinite(value)) Raw("\""u8);
        value.TryFormat(_destination[Length..], out int written, "R", CultureInfo.InvariantCulture);
        Length += written;
        if (!double.IsFinite(value)) Raw("\""u8);
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        bool first = Length > 0 && _destination[Length - 1] == '{';
        Raw(first ? "\""u8 : ",\""u8);
        Raw(name);
        Raw("\":"u8);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_destination[Length..]);
        Length += bytes.Length;
    }
}
