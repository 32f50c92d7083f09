using System.Collections.Immutable;
using System.Text.Json;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Checkpoints.Safetensors;

/// <summary>Reads the JSON header of a safetensors file and believes nothing in it.</summary>
/// <remarks>The format: 8 bytes of little-endian header length N, N bytes of JSON that begin with <c>{</c> (spaces may follow), then the data.
/// See https://github.com/huggingface/safetensors, "Format".</remarks>
internal ref struct SafetensorsHeader
{
    private readonly string _path;
    private readonly long _dataStart;
    private readonly long _dataLength;
    private readonly Dictionary<string, TensorEntry> _entries = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _metadata;
    private Utf8JsonReader _reader;

    private SafetensorsHeader(string path, ReadOnlySpan<byte> json, long dataStart, long dataLength)
    {
        (_path, _dataStart, _dataLength) = (path, dataStart, dataLength);
        _reader = new Utf8JsonReader(json);
    }

    /// <summary>The entries in the order of their data, and the metadata.</summary>
    /// <exception cref="CheckpointException">The header is not valid, or does not describe exactly the data that follows.</exception>
    public static (ImmutableArray<TensorEntry> Entries, Dictionary<string, string> Metadata)
        Parse(string path, ReadOnlySpan<byte> json, long dataStart, long dataLength)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
            throw Damaged(path, "the header does not begin with '{'");
        var header = new SafetensorsHeader(path, json, dataStart, dataLength);
        try
        {
            header.ReadAll();
        }
        // Utf8JsonReader reports strings that are not UTF-8 as InvalidOperationException.
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw Damaged(path, $"the header is not valid JSON ({error.Message})", error);
        }
        ImmutableArray<TensorEntry> entries = [.. header._entries.Values.OrderBy(e => e.Offset).ThenBy(e => e.ByteLength)];
        header.CheckLayout(entries);
        return (entries, header._metadata ?? []);
    }

    /// <summary>The error for a file that is not what a writer wrote.</summary>
    public static CheckpointException Damaged(string path, string what, Exception? inner = null)
    {
        string message = $"{path}: damaged, or not a safetensors file: {what}. Copy or download the file again.";
        return inner is null ? new(message) : new(message, inner);
    }

    private void ReadAll()
    {
        _reader.Read();
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _reader.GetString()!;
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.StartObject)
                throw Damaged(_path, $"{Quoted.Name(name)} is not an object");
            if (name == "__metadata__")
                ReadMetadata();
            else if (!_entries.TryAdd(name, ReadEntry(name)))
                throw Damaged(_path, $"tensor {Quoted.Name(name)} appears twice");
        }
        _reader.Read();
    }

    private void ReadMetadata()
    {
        if (_metadata is not null)
            throw Damaged(_path, "'__metadata__' appears twice");
        _metadata = new(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = _reader.GetString()!;
            _reader.Read();
            if (_reader.TokenType != JsonTokenType.String)
                throw Damaged(_path, $"'__metadata__' holds something other than a string at {Quoted.Name(key)}");
            if (!_metadata.TryAdd(key, _reader.GetString()!))
                throw Damaged(_path, $"'__metadata__' has {Quoted.Name(key)} twice");
        }
    }

    private TensorEntry ReadEntry(string name)
    {
        DType? type = null;
        long[]? shape = null, offsets = null;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = _reader.GetString()!;
            _reader.Read();
            switch (key)
            {
                case "dtype" when type is null:
                    type = ReadType(name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(name, "shape");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(name, "data_offsets");
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw BadEntry(name, $"'{key}' appears twice");
                default:
                    _reader.Skip();
                    break;
            }
        }
        if (type is null || shape is null || offsets is null)
            throw BadEntry(name, $"'{(type is null ? "dtype" : shape is null ? "shape" : "data_offsets")}' is missing");
        return Entry(name, type.Value, shape, offsets);
    }

    private DType ReadType(string name)
    {
        if (_reader.TokenType != JsonTokenType.String)
            throw BadEntry(name, "'dtype' is not a string");
        string type = _reader.GetString()!;
        return SafetensorsTypes.Parse(type) ?? throw BadEntry(name, $"unknown dtype {Quoted.Name(type)}");
    }

    private long[] ReadNumbers(string name, string key)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            throw BadEntry(name, $"'{key}' is not an array");
        var numbers = new List<long>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out long number) || number < 0)
                throw BadEntry(name, $"'{key}' holds something other than a whole number from 0 to {long.MaxValue}");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private readonly TensorEntry Entry(string name, DType type, long[] shape, long[] offsets)
    {
        if (offsets.Length != 2 || offsets[0] > offsets[1])
            throw BadEntry(name, "'data_offsets' is not a pair of a begin and an end");
        if (offsets[1] > _dataLength)
            throw BadEntry(name, $"its data ends at byte {offsets[1]}, and the file holds {_dataLength} bytes of data: "
                + "it is truncated or its header is wrong");
        long bytes = ByteLength(type, shape) ?? throw BadEntry(name, $"its shape {Quoted.Shape(shape)} is too large, or ends within a byte");
        if (bytes != offsets[1] - offsets[0])
            throw BadEntry(name, $"{SafetensorsTypes.Name(type)} {Quoted.Shape(shape)} takes {bytes} bytes, "
                + $"and its data_offsets span {offsets[1] - offsets[0]}");
        return new(name, type, [.. shape], _dataStart + offsets[0], bytes);
    }

    /// <summary>Bytes of a tensor; null when the count of bits passes 2⁶⁶, even where a later dimension is 0, or is no whole number of
    /// bytes.</summary>
    public static long? ByteLength(DType type, ReadOnlySpan<long> shape)
    {
        Int128 bits = type.Bits(), most = (Int128)long.MaxValue * 8;
        foreach (long size in shape)
        {
            if (size != 0 && bits > most / size)
                return null;
            bits *= size;
        }
        return bits % 8 == 0 ? (long)(bits / 8) : null;
    }

    private readonly void CheckLayout(ImmutableArray<TensorEntry> entries)
    {
        long end = _dataStart;
        foreach (TensorEntry entry in entries)
        {
            if (entry.Offset != end)
                throw BadEntry(entry.Name, entry.Offset < end ? "its data overlaps another tensor's" : "there is a hole before its data");
            end += entry.ByteLength;
        }
        if (end != _dataStart + _dataLength)
            throw Damaged(_path, $"{_dataStart + _dataLength - end} bytes follow the last tensor");
    }

    private readonly CheckpointException BadEntry(string name, string what) => Damaged(_path, $"tensor {Quoted.Name(name)}: {what}");
}
