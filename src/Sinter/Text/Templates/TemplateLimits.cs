namespace Sinter.Text.Templates;

/// <summary>What the rendering of a template may take: a template comes with a model from elsewhere, and must not hang or fill the memory of whoever reads it.</summary>
public sealed record TemplateLimits
{
    /// <summary>Limits that no chat comes near.</summary>
    public static TemplateLimits Default { get; } = new();

    /// <summary>Operations and statements.</summary>
    public long Steps { get; init; } = 2_000_000;

    /// <summary>Characters and items of everything that is made on the way, the result included.</summary>
    public long Size { get; init; } = 1 << 25;

    /// <summary>Macros within each other.</summary>
    public int Depth { get; init; } = 60;
}
