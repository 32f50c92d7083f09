namespace Sinter.Text.Chat;

/// <summary>A chat as a template writes it.</summary>
/// <param name="Text">The text.</param>
/// <param name="Generated">The parts of it that the template marks as the assistant's (<c>{% generation %}</c>), in UTF-16 units.</param>
public sealed record ChatText(string Text, IReadOnlyList<Range> Generated);
