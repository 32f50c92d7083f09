namespace Sinter.Text.Decoders;

/// <summary>A step from tokens to text. Immutable, so that threads share it.</summary>
internal interface ITokenDecoder
{
    /// <summary>Takes tokens and gives the texts that follow each other; after the last step they are joined.</summary>
    List<string> Decode(List<string> tokens);
}
