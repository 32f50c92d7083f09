using Sinter.Text.Json;
using Sinter.Text.Patterns;

namespace Sinter.Text.Decoders;

/// <summary>Reads <c>decoder</c>.</summary>
internal static class DecoderReader
{
    /// <summary>Reads a decoder; refuses what is not supported by its name.</summary>
    public static ITokenDecoder Read(JsonNodeReader node) => node.OptionalString("type") switch
    {
        "ByteLevel" => new ByteLevelDecoder(),
        "WordPiece" => new WordPieceDecoder(node.OptionalString("prefix") ?? "##", node.Bool("cleanup", missing: true)),
        "Metaspace" => new MetaspaceDecoder(node.CodePoint("replacement"), PreTokenizers.MetaspaceReader.Scheme(node) != PreTokenizers.PrependScheme.Never),
        "BPEDecoder" => new BpeDecoder(node.Text("suffix", "</w>")),
        "Replace" => new ReplaceDecoder(PatternReader.Read(node), node.OptionalString("content") ?? throw node.Error("'content' is missing")),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Strip" => new StripDecoder(node.CodePoint("content"), node.Int("start", 0), node.Int("stop", 0)),
        "CTC" => new CtcDecoder(node.Text("pad_token", "<pad>"), node.Text("word_delimiter_token", "|"), node.Bool("cleanup", missing: true)),
        "Sequence" => new DecoderSequence([.. node.Array("decoders").Select(Read)]),
        var type => throw node.Unsupported("type", type ?? "null", "ByteLevel, WordPiece, Metaspace, BPEDecoder, Replace, ByteFallback, Fuse, Strip, CTC, "
            + "Sequence are"),
    };
}
