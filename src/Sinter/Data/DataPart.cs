namespace Sinter.Data;

/// <summary>The two parts that a text is split into.</summary>
public enum DataPart
{
    /// <summary>What the model learns from.</summary>
    Train,
    /// <summary>What it is judged by.</summary>
    Validation,
}
