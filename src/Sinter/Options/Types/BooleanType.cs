using System.Text.Json;

namespace Sinter.Options;

/// <summary><c>true</c> or <c>false</c>; the other spellings of YAML 1.1 (yes, on …) are errors, since YAML 1.2 reads them as text.</summary>
internal sealed class BooleanType : OptionType<bool>
{
    public override string Expected => "true or false";

    public override bool TryRead(OptionNode node, out bool value, out string error)
    {
        value = node.Text is "true" or "True" or "TRUE";
        error = Wrong(node);
        return node.Kind == OptionNodeKind.Scalar && node.IsPlain && (value || node.Text is "false" or "False" or "FALSE");
    }

    public override OptionNode ToNode(bool value) => OptionNode.Plain(value ? "true" : "false");

    public override void WriteJson(Utf8JsonWriter json) => json.WriteString("type", "boolean");
}
