namespace Sinter.Checkpoints.PyTorch;

/// <summary>What a file of <c>torch.save</c> holds.</summary>
/// <param name="Root">The value that was saved.</param>
/// <param name="Storages">Where the storages lie that it names, by key.</param>
internal sealed record PyTorchContent(object? Root, IReadOnlyDictionary<string, StoredBytes> Storages);
