namespace Sinter.Text.Templates.Values;

/// <summary>What a name without a value stands for: empty where it is written or walked through, an error where it is used.</summary>
/// <param name="what">Why there is no value, for that error.</param>
internal sealed class Undefined(string what)
{
    /// <summary>Why there is no value.</summary>
    public string What => what;
}
