using System.Text.Json;

namespace Sinter.Checkpoints.Files;

/// <summary>Reads a JSON file that holds one object, and writes one.</summary>
internal static class JsonFile
{
    private const long MaxBytes = 100_000_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the object.</summary>
    /// <exception cref="CheckpointException">The file can't be read, or does not hold one JSON object without repeated keys.</exception>
    public static JsonDocument Read(string path)
    {
        JsonDocument? document = null;
        try
        {
            long length = new FileInfo(path).Length;
            if (length > MaxBytes)
                throw new CheckpointException($"{path}: it has {length} bytes, more than such a file can need. Check that it is the right file.");
            document = JsonDocument.Parse(File.ReadAllBytes(path), Strict);
            CheckText(document.RootElement);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw new CheckpointException($"{path}: a JSON object was expected, and it holds {Kind(document.RootElement)}. "
                    + "Check that it is the right file.");
        }
        catch (Exception error)
        {
            document?.Dispose();
            if (error is JsonException or InvalidOperationException)
                throw new CheckpointException($"{path}: not valid JSON: {error.Message} Copy or download the file again.", error);
            if (FileErrors.IsFileError(error))
                throw FileErrors.Explain(error, "reading", path);
            throw;
        }
    }

    /// <summary>Writes the object, indented.</summary>
    /// <exception cref="CheckpointException">The file can't be written.</exception>
    public static FileHash Write(string path, Action<Utf8JsonWriter> content)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }
        buffer.GetSpan(1)[0] = (byte)'\n';
        buffer.Advance(1);
        return DurableFile.Write(path, buffer.WrittenMemory);
    }

    /// <summary>Writes a number with a point or an exponent, so that readers with integer types take it as floating-point.</summary>
    public static void WriteFloat(this Utf8JsonWriter json, string name, double value)
    {
        string text = value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        json.WritePropertyName(name);
        json.WriteRawValue(text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text);
    }

    /// <summary>What a value is, for messages.</summary>
    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Null => "null",
        JsonValueKind.String => Quoted.Name(value.GetString()!),
        _ => Quoted.Name(value.GetRawText()),
    };

    // A string that is not UTF-8, or half of a surrogate pair, shows only when it is read: read each once here, where it can be reported.
    private static void CheckText(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _ = value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                    CheckText(item);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    _ = property.Name;
                    CheckText(property.Value);
                }
                break;
        }
    }
}
