namespace Sinter.Text.Templates;

/// <summary>What a template made.</summary>
/// <param name="Text">The text.</param>
/// <param name="Generated">The parts of it inside <c>{% generation %}</c>, in UTF-16 units.</param>
internal sealed record RenderedText(string Text, IReadOnlyList<Range> Generated);
