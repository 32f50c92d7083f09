namespace Sinter.Data;

/// <summary>What was written of a part.</summary>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Bytes">Its UTF-8 bytes.</param>
/// <param name="Documents">The index of each document's first token.</param>
internal sealed record WrittenPart(long Tokens, long Bytes, List<long> Documents);
