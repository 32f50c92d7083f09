using System.Text.Json.Nodes;

namespace Sinter.Text.VocabularyFiles;

/// <summary>
/// Gives added tokens their ids as Hugging Face's library does: a token of the vocabulary keeps its id, another gets the number of the vocabulary's
/// tokens, or one more than the largest id given so far where that is larger.
/// </summary>
internal sealed class AddedIds
{
    private readonly Dictionary<string, int> _vocabulary;
    private readonly List<(int Id, TokenSpec Token)> _added = [];

    /// <summary>Takes the vocabulary and the tokens in the order in which they are added.</summary>
    public AddedIds(Dictionary<string, int> vocabulary, IEnumerable<TokenSpec> tokens)
    {
        _vocabulary = vocabulary;
        int largest = -1;
        foreach (TokenSpec token in tokens)
        {
            if (!vocabulary.TryGetValue(token.Content, out int id)) id = Math.Max(vocabulary.Count, largest + 1);
            largest = Math.Max(largest, id);
            _added.Add((id, token));
        }
    }

    /// <summary>The id of a token that is added or in the vocabulary; one that is neither stands for the unknown token 0.</summary>
    public int IdOf(string token) => _vocabulary.TryGetValue(token, out int id) ? id : _added.FirstOrDefault(a => a.Token.Content == token).Id;

    /// <summary><c>added_tokens</c>, by id.</summary>
    public JsonArray ToJson()
    {
        JsonArray array = [];
        foreach ((int id, TokenSpec token) in _added.OrderBy(a => a.Id)) array.Add((JsonNode)token.ToJson(id));
        return array;
    }

    /// <summary>The model's <c>vocab</c>.</summary>
    public JsonObject Vocabulary()
    {
        JsonObject vocabulary = [];
        foreach ((string token, int id) in _vocabulary.OrderBy(v => v.Value)) vocabulary.Add(token, id);
        return vocabulary;
    }
}
