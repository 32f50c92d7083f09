using Sinter.Text.Json;

namespace Sinter.Text.Models;

/// <summary>Reads the <c>model</c> of type <c>WordPiece</c> of a <c>tokenizer.json</c>.</summary>
internal static class WordPieceModelReader
{
    /// <summary>Reads and checks <c>model</c>.</summary>
    public static WordPieceModel Read(JsonNodeReader model)
    {
        List<KeyValuePair<string, int>> tokens = VocabularyReader.Read(model);
        string unknown = model.OptionalString("unk_token") ?? throw model.Error("'unk_token' is missing");
        string prefix = model.OptionalString("continuing_subword_prefix") ?? throw model.Error("'continuing_subword_prefix' is missing");
        JsonNodeReader longest = model.Optional("max_input_chars_per_word") ?? throw model.Error("'max_input_chars_per_word' is missing");
        return new(tokens, unknown, prefix, longest.Int(0, int.MaxValue));
    }
}
