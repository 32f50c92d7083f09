using Sinter.Text.Json;

namespace Sinter.Text.Models;

/// <summary>Reads the <c>vocab</c> of a model that writes it as an object of ids by token.</summary>
internal static class VocabularyReader
{
    /// <summary>The tokens and their ids; each id is there once.</summary>
    public static List<KeyValuePair<string, int>> Read(JsonNodeReader model)
    {
        List<KeyValuePair<string, int>> tokens = [];
        HashSet<int> ids = [];
        foreach (JsonNodeReader token in model.Object("vocab").Members())
        {
            int id = token.Int(0, TokenizerJsonReader.LargestVocabulary - 1);
            if (!ids.Add(id)) throw token.Error($"another token has the id {id}");
            tokens.Add(new(token.Name, id));
        }
        return tokens;
    }
}
