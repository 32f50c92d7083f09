using System.Buffers.Binary;
using System.Text;
using Sinter.Checkpoints.Files;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>The bytes of a pickle, read forward; no length in them is believed before it is known to fit.</summary>
/// <param name="file">The file.</param>
/// <param name="start">The first byte.</param>
/// <param name="end">Behind the last byte that may belong to the pickle.</param>
internal sealed class PickleInput(PositionalFile file, long start, long end)
{
    private const int BufferBytes = 1 << 16;
    private const int LongestText = 1 << 24;
    private const int LongestName = 1 << 10;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _next, _filled;
    private long _read = start;

    /// <summary>The position of the next byte in the file.</summary>
    public long Position => _read - (_filled - _next);

    /// <summary>The next byte.</summary>
    public byte Byte()
    {
        if (_next == _filled) Fill();
        return _buffer[_next++];
    }

    /// <summary>A little-endian number without a sign.</summary>
    public ulong Unsigned(int bytes)
    {
        ulong value = 0;
        for (int i = 0; i < bytes; i++)
            value |= (ulong)Byte() << (8 * i);
        return value;
    }

    /// <summary>A big-endian binary64.</summary>
    public double Float64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Take(bytes);
        return BinaryPrimitives.ReadDoubleBigEndian(bytes);
    }

    /// <summary>A text of so many bytes of UTF-8.</summary>
    public string Text(ulong bytes)
    {
        if (bytes > LongestText || bytes > (ulong)(end - Position))
            throw Damaged($"a text claims {bytes} bytes, and {end - Position} follow");
        var text = new byte[bytes];
        Take(text);
        return Decode(text);
    }

    /// <summary>A name that ends with a line feed.</summary>
    public string Line()
    {
        var bytes = new List<byte>();
        while (Byte() is var next && next != (byte)'\n')
        {
            if (bytes.Count == LongestName) throw Damaged($"a name is longer than {LongestName} bytes");
            bytes.Add(next);
        }
        return Decode([.. bytes]);
    }

    /// <summary>Passes over so many bytes.</summary>
    public void Skip(ulong bytes)
    {
        if (bytes > (ulong)(end - Position))
            throw Damaged($"{bytes} bytes are claimed, and {end - Position} follow");
        _read = Position + (long)bytes;
        (_next, _filled) = (0, 0);
    }

    /// <summary>Fills <paramref name="destination"/>.</summary>
    public void Take(Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = Byte();
    }

    /// <summary>The error for a pickle that no writer wrote.</summary>
    public CheckpointException Damaged(string what) => PyTorchReader.Damaged(file.Path, $"the pickle at byte {Position}: {what}");

    private string Decode(byte[] bytes)
    {
        try
        {
            return s_utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("a text is not UTF-8");
        }
    }

    private void Fill()
    {
        int length = (int)Math.Min(BufferBytes, end - _read);
        if (length <= 0) throw Damaged("it ends too early");
        file.Read(_read, _buffer.AsSpan(0, length), "the pickle");
        (_next, _filled, _read) = (0, length, _read + length);
    }
}
