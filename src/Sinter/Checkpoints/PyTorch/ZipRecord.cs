namespace Sinter.Checkpoints.PyTorch;

/// <summary>One stored file of an archive.</summary>
/// <param name="Name">The name, with the archive's own folder before it.</param>
/// <param name="Offset">The position of its first byte.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Crc">The CRC-32 that they have to have.</param>
internal sealed record ZipRecord(string Name, long Offset, long Length, uint Crc);
