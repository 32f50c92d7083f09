namespace Sinter.Text.Chat;

/// <summary>One message of a chat.</summary>
/// <param name="Role"><c>system</c>, <c>user</c>, <c>assistant</c>, or what else a template knows.</param>
/// <param name="Content">The text.</param>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>The role of who sets the tone.</summary>
    public const string System = "system";

    /// <summary>The role of who asks.</summary>
    public const string User = "user";

    /// <summary>The role of who answers: what a model learns.</summary>
    public const string Assistant = "assistant";
}
