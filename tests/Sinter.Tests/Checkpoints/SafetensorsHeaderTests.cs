using Sinter.Checkpoints.Safetensors;
using Sinter.Checkpoints.Weights;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints;

public sealed class SafetensorsHeaderTests
{
    private const string A = "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}";

    /// <summary>Headers that a reader must not believe: header, bytes of data, what the message has to say.</summary>
    public static TheoryData<string, int, string> Hostile() => new()
    {
        { "", 0, "does not begin with '{'" },
        { " {}", 0, "does not begin with '{'" },
        { "[]", 0, "does not begin with '{'" },
        { "{", 0, "not valid JSON" },
        { "{}x", 0, "not valid JSON" },
        { "{}{}", 0, "not valid JSON" },
        { "{\0}", 0, "not valid JSON" },
        { "{/* a */}", 0, "not valid JSON" },
        { "{" + A + ",}", 8, "not valid JSON" },
        { "{\"a\":1}", 0, "'a' is not an object" },
        { "{\"a\":[]}", 0, "'a' is not an object" },
        { "{" + A + "," + A + "}", 8, "tensor 'a' appears twice" },
        { "{" + A + ",\"\\u0061\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]}}", 16, "tensor 'a' appears twice" },
        { "{\"a\":{}}", 0, "'dtype' is missing" },
        { "{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8, "'shape' is missing" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, "'data_offsets' is missing" },
        { "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "'dtype' appears twice" },
        { "{\"a\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "unknown dtype 'F33'" },
        { "{\"a\":{\"dtype\":\"f32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "unknown dtype 'f32'" },
        { "{\"a\":{\"dtype\":7,\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "'dtype' is not a string" },
        { "{\"a\":{\"dtype\":\"F7\",\"shape\":[8],\"data_offsets\":[0,8]}}", 8, "unknown dtype 'F7'" },
        { "{\"a\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}", 2, "ends within a byte" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}}", 8, "'shape' is not an array" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "'shape' holds something other" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2.0],\"data_offsets\":[0,8]}}", 8, "'shape' holds something other" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2e0],\"data_offsets\":[0,8]}}", 8, "'shape' holds something other" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[\"2\"],\"data_offsets\":[0,8]}}", 8, "'shape' holds something other" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[[2]],\"data_offsets\":[0,8]}}", 8, "'shape' holds something other" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808],\"data_offsets\":[0,8]}}", 8, "'shape' holds something other" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]}}", 0, "is too large" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0, "is too large" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9223372036854775807,0],\"data_offsets\":[0,0]}}", 0, "is too large" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}", 8, "not a pair" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,8]}}", 8, "not a pair" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8, "not a pair" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}", 8, "'data_offsets' holds something other" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9223372036854775807]}}", 8, "truncated" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,16]}}", 8, "truncated" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "takes 12 bytes" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,8]}}", 8, "takes 4 bytes" },
        { "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12, "hole" },
        { "{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[12,16]}}", 16, "hole" },
        { "{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12, "overlaps" },
        { "{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "overlaps" },
        { "{" + A + "}", 9, "1 bytes follow the last tensor" },
        { "{}", 1, "1 bytes follow the last tensor" },
        { "{\"__metadata__\":1}", 0, "'__metadata__' is not an object" },
        { "{\"__metadata__\":{\"a\":1}}", 0, "something other than a string at 'a'" },
        { "{\"__metadata__\":{\"a\":{}}}", 0, "something other than a string at 'a'" },
        { "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "has 'a' twice" },
        { "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "'__metadata__' appears twice" },
        { "{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "not valid JSON" },
        { "{\"a\":" + string.Concat(Enumerable.Repeat("{\"x\":", 100)), 0, "not valid JSON" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_headers_are_refused_by_name(string header, int dataBytes, string expected)
    {
        using var folder = new TempFolder();
        string path = folder.File("model.safetensors", SafetensorsBytes.File(header, dataBytes));
        var error = Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, "more than the 100000000 allowed")]
    [InlineData(long.MinValue, "more than the 100000000 allowed")]
    [InlineData(100_000_001, "more than the 100000000 allowed")]
    [InlineData(100_000_000, "truncated")]
    [InlineData(3, "truncated")]
    [InlineData(1, "not valid JSON")]
    [InlineData(0, "does not begin with '{'")]
    public void A_header_length_is_not_believed(long claimed, string expected)
    {
        using var folder = new TempFolder();
        string path = folder.File("model.safetensors", SafetensorsBytes.File("{}", 0, claimed));
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_not_utf8_are_refused()
    {
        using var folder = new TempFolder();
        byte[] header = [.. "{\""u8, 0xff, 0xfe, .. "\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"u8];
        string path = folder.File("model.safetensors", SafetensorsBytes.File(header, 8));
        Assert.Contains("not valid JSON", Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_in_a_message_cannot_drive_the_terminal()
    {
        using var folder = new TempFolder();
        string path = folder.File("model.safetensors", SafetensorsBytes.File("{\"\\u001b[2J" + new string('x', 5000) + "\":{}}", 0));
        string message = Assert.Throws<CheckpointException>(() => SafetensorsReader.Open(path)).Message;
        Assert.DoesNotContain('\u001b', message);
        Assert.InRange(message.Length, 1, path.Length + 400);
    }

    [Fact]
    public void A_valid_header_is_read_in_data_order()
    {
        using var folder = new TempFolder();
        byte[] bytes = SafetensorsBytes.File(
            """
            {"b":{"data_offsets":[8,10],"shape":[1],"dtype":"BF16","later":{"x":[1]}},"__metadata__":{"k":"v"},
            "z":{"dtype":"I64","shape":[0,5],"data_offsets":[8,8]},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}
            """,
            10);
        using var reader = SafetensorsReader.Open(folder.File("model.safetensors", bytes));
        Assert.Equal(["a", "z", "b"], reader.Entries.Select(e => e.Name));
        Assert.Equal("v", reader.Metadata["k"]);
        TensorEntry a = reader.Get("a");
        Assert.Equal((DType.Float32, 8L, 2L, bytes.Length - 10L), (a.DType, a.ByteLength, a.Elements, a.Offset));
        Assert.Equal([2, 1], a.Shape);
        Assert.Equal(0, reader.Get("z").Elements);
        Assert.Contains("no tensor 'c'", Assert.Throws<CheckpointException>(() => reader.Get("c")).Message, StringComparison.Ordinal);
    }
}
