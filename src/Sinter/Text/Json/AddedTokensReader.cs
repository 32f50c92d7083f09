namespace Sinter.Text.Json;

/// <summary>Reads <c>added_tokens</c>.</summary>
internal static class AddedTokensReader
{
    /// <summary>The tokens, in the order of the file.</summary>
    public static List<AddedToken> Read(JsonNodeReader root)
    {
        List<AddedToken> tokens = [];
        HashSet<int> ids = [];
        HashSet<string> contents = [];
        foreach (JsonNodeReader node in root.Array("added_tokens"))
        {
            int id = (node.Optional("id") ?? throw node.Error("'id' is missing")).Int(0, TokenizerJsonReader.LargestVocabulary - 1);
            string content = node.OptionalString("content") ?? throw node.Error("'content' is missing");
            if (content.Length == 0) throw node.Error("'content' is empty");
            if (!ids.Add(id)) throw node.Error($"another added token has the id {id}");
            if (!contents.Add(content)) throw node.Error($"another added token is \"{content}\"");
            tokens.Add(new(id, content, node.Bool("special"))
            {
                SingleWord = node.Bool("single_word"), StripLeft = node.Bool("lstrip"), StripRight = node.Bool("rstrip"), Normalized = node.Bool("normalized"),
            });
        }
        return tokens;
    }
}
