using Sinter.Text.Json;

namespace Sinter.Text.PreTokenizers;

/// <summary>Reads what <c>Metaspace</c> has as a pre-tokenizer and as a decoder.</summary>
internal static class MetaspaceReader
{
    /// <summary>Before which pieces the sign comes.</summary>
    public static PrependScheme Scheme(JsonNodeReader node)
    {
        PrependScheme scheme = node.OptionalString("prepend_scheme") switch
        {
            null or "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var other => throw node.Unsupported("prepend_scheme", other, "always, first and never are"),
        };
        if (!node.Bool("add_prefix_space", missing: true) && scheme != PrependScheme.Never)
            throw node.Unsupported("add_prefix_space", "false", "it is with the prepend_scheme never");
        return scheme;
    }
}
