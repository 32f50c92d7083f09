using Sinter.Text.Json;

namespace Sinter.Text.Models;

/// <summary>Reads the <c>model</c> of type <c>Unigram</c> of a <c>tokenizer.json</c>.</summary>
internal static class UnigramModelReader
{
    /// <summary>Reads and checks <c>model</c>.</summary>
    public static UnigramModel Read(JsonNodeReader model)
    {
        List<UnigramPiece> pieces = [];
        JsonNodeReader vocabulary = model.Optional("vocab") ?? throw model.Error("'vocab' is missing");
        foreach (JsonNodeReader item in vocabulary.Items())
        {
            JsonNodeReader[] pair = [.. item.Items()];
            if (pair.Length != 2) throw item.Error($"expected a token and its score, found {item.Raw}");
            double score = pair[1].Score();
            if (!double.IsFinite(score)) throw pair[1].Error($"expected a finite number, found {pair[1].Raw}");
            pieces.Add(new(pair[0].String(), score));
            if (pieces.Count > TokenizerJsonReader.LargestVocabulary)
                throw vocabulary.Error($"more than {TokenizerJsonReader.LargestVocabulary} tokens");
        }
        int? unknown = model.Optional("unk_id") is { } id ? id.Int(0, Math.Max(0, pieces.Count - 1)) : null;
        if (unknown is not null && pieces.Count == 0) throw vocabulary.Error("the vocabulary is empty, and the unknown token must be in it");
        return new(pieces, unknown, model.Bool("byte_fallback"));
    }
}
