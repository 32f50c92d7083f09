namespace Sinter.Text;

/// <summary>Reads the vocabulary and merges of a byte-level byte-pair model.</summary>
internal static class BytePairModelReader
{
    /// <summary>Reads and checks <c>model</c>.</summary>
    public static BytePairModel Read(JsonNodeReader model, List<AddedToken> added, SplitPattern pattern)
    {
        HashSet<string> addedContents = [.. added.Select(t => t.Content)];
        HashSet<int> ids = [.. added.Select(t => t.Id)];
        Dictionary<byte[], int> vocabulary = new(ByteStringComparer.Instance);
        foreach (JsonNodeReader token in model.Object("vocab").Members())
        {
            int id = token.Int(0, TokenizerJsonReader.LargestVocabulary - 1);
            if (addedContents.Contains(token.Name))
            {
                int addedId = added.First(t => t.Content == token.Name).Id;
                if (addedId != id) throw token.Error($"the id is {id} here and {addedId} in added_tokens");
                continue;
            }
            byte[]? bytes = ByteAlphabet.Decode(token.Name);
            if (bytes is null or []) throw token.Error("the token is not written in the byte-level alphabet of GPT-2");
            if (!ids.Add(id)) throw token.Error($"another token has the id {id}");
            vocabulary.Add(bytes, id);
        }
        for (int b = 0; b < 256; b++)
            if (!vocabulary.ContainsKey([(byte)b]))
                throw model.Error($"the vocabulary lacks the byte 0x{b:X2} (\"{ByteAlphabet.Encode([(byte)b])}\")");
        return new(vocabulary, new MergeTable(ReadMerges(model, vocabulary)), added, pattern, model.Bool("ignore_merges"));
    }

    private static List<Merge> ReadMerges(JsonNodeReader model, Dictionary<byte[], int> vocabulary)
    {
        List<Merge> merges = [];
        foreach (JsonNodeReader node in model.Array("merges"))
        {
            (string left, string right) = Parts(node);
            byte[] leftBytes = Bytes(node, left), rightBytes = Bytes(node, right);
            merges.Add(new(Id(leftBytes, left), Id(rightBytes, right), Id([.. leftBytes, .. rightBytes], left + right)));

            int Id(byte[] bytes, string token) => vocabulary.TryGetValue(bytes, out int id) ? id :
                throw node.Error($"\"{token}\" is not in the vocabulary");
        }
        return merges;
    }

    /// <summary>A merge is "left right", or since version 0.20 of the library ["left", "right"].</summary>
    private static (string Left, string Right) Parts(JsonNodeReader node)
    {
        string[] parts = node.IsString ? node.String().Split(' ') : [.. node.Items().Select(i => i.String())];
        return parts is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : throw node.Error($"expected two tokens, found {node.Raw}");
    }

    private static byte[] Bytes(JsonNodeReader node, string token) =>
        ByteAlphabet.Decode(token) ?? throw node.Error($"\"{token}\" is not written in the byte-level alphabet of GPT-2");
}
