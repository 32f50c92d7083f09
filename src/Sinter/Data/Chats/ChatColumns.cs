namespace Sinter.Data.Chats;

/// <summary>The fields of a line that hold a chat.</summary>
/// <param name="Messages">A list of messages with role and content.</param>
/// <param name="Prompt">Where there are no messages: what is asked, a text or a list of messages.</param>
/// <param name="Completion">What is answered, a text or a list of messages.</param>
internal sealed record ChatColumns(string Messages, string Prompt, string Completion);
