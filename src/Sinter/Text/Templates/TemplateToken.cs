namespace Sinter.Text.Templates;

/// <summary>The kinds of tokens of a template.</summary>
internal enum TemplateTokenKind
{
    /// <summary>Text that is written as it is.</summary>
    Data,
    /// <summary><c>{%</c></summary>
    BlockBegin,
    /// <summary><c>%}</c></summary>
    BlockEnd,
    /// <summary><c>{{</c></summary>
    OutputBegin,
    /// <summary><c>}}</c></summary>
    OutputEnd,
    /// <summary>A name or a word of the language.</summary>
    Name,
    /// <summary>A text in quotes, decoded.</summary>
    Text,
    /// <summary>A whole number.</summary>
    Integer,
    /// <summary>A number with a point or an exponent.</summary>
    Float,
    /// <summary>An operator, bracket or separator.</summary>
    Sign,
    /// <summary>After the last token.</summary>
    End,
}

/// <summary>A token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="At">Where it begins.</param>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, int At)
{
    /// <summary>Whether it is this sign.</summary>
    public bool IsSign(string sign) => Kind == TemplateTokenKind.Sign && Text == sign;

    /// <summary>Whether it is this word.</summary>
    public bool IsName(string name) => Kind == TemplateTokenKind.Name && Text == name;

    /// <summary>What messages call it.</summary>
    public string Shown => Kind switch
    {
        TemplateTokenKind.End => "the end of the template",
        TemplateTokenKind.BlockEnd or TemplateTokenKind.OutputEnd => "the end of the tag",
        TemplateTokenKind.Data => "text",
        _ => $"'{Text}'",
    };
}
