using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Sinter.Checkpoints.PyTorch;

/// <summary>Writes pickles of protocol 2, what of it state dictionaries need.</summary>
internal sealed class PickleOutput
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Begins a pickle.</summary>
    public PickleOutput() => Code('\x80').Write([2]);

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>An instruction without an operand.</summary>
    public PickleOutput Code(char code)
    {
        Write([(byte)code]);
        return this;
    }

    /// <summary>A function or class.</summary>
    public PickleOutput Global(string module, string name)
    {
        Code('c').Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
        return this;
    }

    /// <summary>A text.</summary>
    public PickleOutput Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        Code('X').Write(length);
        Write(bytes);
        return this;
    }

    /// <summary>A whole number.</summary>
    public PickleOutput Number(long value)
    {
        if (value is >= int.MinValue and <= int.MaxValue)
        {
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)value);
            Code('J').Write(bytes);
            return this;
        }
        byte[] digits = new BigInteger(value).ToByteArray();
        Code('\x8a').Write([(byte)digits.Length]);
        Write(digits);
        return this;
    }

    /// <summary>A tuple of whole numbers.</summary>
    public PickleOutput Numbers(IEnumerable<long> values)
    {
        Code('(');
        foreach (long value in values) Number(value);
        return Code('t');
    }

    private void Write(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);
}
