namespace Sinter.Data.Chats;

/// <summary>A chat to learn from.</summary>
/// <param name="Messages">The messages, as values of templates: dicts with <c>role</c>, <c>content</c> and what else the data has.</param>
/// <param name="Tools">What the assistant can call, as the data has it; null where it has nothing.</param>
/// <param name="Place">Where it is from: <c>chats.jsonl:12</c>.</param>
/// <param name="Topic">What decides the part that it belongs to; null has its number decide.</param>
internal sealed record ChatExample(List<object?> Messages, object? Tools, string Place, string? Topic = null);
