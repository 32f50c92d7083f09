using System.Runtime.InteropServices;
using Sinter.Checkpoints;
using Sinter.Checkpoints.Safetensors;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Cli.Bench;

/// <summary>
/// What another program needs to do the same steps: the model as it was before the first one, a Hugging Face folder, and
/// <c>steps.safetensors</c> with <c>tokens</c> and <c>targets</c> [steps, batch, context] and the <c>losses</c> [steps].
/// bench/peers/check_step.py does them in PyTorch.
/// </summary>
internal sealed class StepRecord
{
    private readonly string _folder;
    private readonly long _batch, _context;
    private readonly List<int> _tokens = [], _targets = [];
    private readonly List<float> _losses = [];

    /// <summary>Begins with the weights as they are.</summary>
    /// <exception cref="SinterException">The folder can't be written.</exception>
    public StepRecord(string folder, CausalLanguageModel model, long batch)
    {
        (_folder, _batch, _context) = (folder, batch, model.Config.ContextLength);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SinterException($"--record {folder}: the folder can't be made: {error.Message}", error);
        }
        ModelFolder.Save(folder, model, tokenizer: null);
    }

    /// <summary>One more step.</summary>
    public void Add(ReadOnlySpan<int> tokens, ReadOnlySpan<int> targets, double loss)
    {
        _tokens.AddRange(tokens);
        _targets.AddRange(targets);
        _losses.Add((float)loss);
    }

    /// <summary>Writes the steps.</summary>
    public void Write()
    {
        SafetensorsTensor Ids(string name, List<int> ids) =>
            SafetensorsTensor.FromMemory(name, DType.Int32, [_losses.Count, _batch, _context], Bytes(ids));
        SafetensorsWriter.Write(Path.Combine(_folder, "steps.safetensors"), [Ids("tokens", _tokens), Ids("targets", _targets),
            SafetensorsTensor.FromMemory("losses", DType.Float32, [_losses.Count], Bytes(_losses))]);
    }

    private static byte[] Bytes<T>(List<T> list) where T : unmanaged => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(list)).ToArray();
}
