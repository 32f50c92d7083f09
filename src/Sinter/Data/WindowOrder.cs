namespace Sinter.Data;

/// <summary>In which order windows of the training tokens are seen.</summary>
public enum WindowOrder
{
    /// <summary>Each window starts anywhere, independently of the others, as in nanoGPT.</summary>
    RandomOffsets,
    /// <summary>The text is cut into windows that do not overlap; an epoch sees each once, in an order of its own.</summary>
    Epochs,
}
