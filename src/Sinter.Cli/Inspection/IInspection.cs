using System.Text.Json;

namespace Sinter.Cli.Inspection;

/// <summary>What was found in a file or folder.</summary>
internal interface IInspection
{
    /// <summary>For people.</summary>
    void Write(TextWriter output);

    /// <summary>For programs: the members of one object.</summary>
    void Write(Utf8JsonWriter json);
}
