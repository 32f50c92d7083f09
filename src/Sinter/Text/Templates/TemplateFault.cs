namespace Sinter.Text.Templates;

/// <summary>What went wrong in an operation, which does not know where in the template it stands; the rendering adds that.</summary>
internal sealed class TemplateFault(string message) : Exception(message);
