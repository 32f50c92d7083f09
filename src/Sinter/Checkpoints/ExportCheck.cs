using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Sinter.Checkpoints.Safetensors;
using Sinter.Layers;
using Sinter.Layers.Adapters;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Checkpoints;

/// <summary>What <see cref="ExportCheck"/> found.</summary>
/// <param name="Weights">Elements compared.</param>
/// <param name="Logits">Logits compared.</param>
/// <param name="Error">‖read back − in memory‖ ÷ ‖in memory‖ of the logits; 0 where the bits are equal.</param>
/// <param name="Bound">The largest that is taken.</param>
public sealed record ExportResult(long Weights, long Logits, double Error, double Bound);

/// <summary>Reads a written model back, builds it, and compares it with the one in memory: its weights, to the bit (rounded, where the file is
/// narrower), and its logits on fixed tokens.</summary>
public static class ExportCheck
{
    private const int MaxTokens = 32;
    private const int ChunkElements = 1 << 16;
    private const double AdapterBound = 1e-4;

    /// <summary>The largest relative error of logits for weights stored as <paramref name="type"/>: 0 for float32, which loses nothing; 1 % for
    /// float16 and 5 % for bfloat16, about twenty times the rounding of one weight (2⁻¹¹ and 2⁻⁹ of it).</summary>
    public static double Bound(DType type) => type switch
    {
        DType.Float32 => 0,
        DType.Float16 => 0.01,
        _ => 0.05,
    };

    /// <summary>Compares a folder with the model that was written into it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="model">The model, on the device on which it computes.</param>
    /// <param name="type">The element type of the files.</param>
    /// <exception cref="CheckpointException">The folder can't be read, or holds something else than the model.</exception>
    public static ExportResult Compare(string folder, ITrainedModel model, DType type = DType.Float32)
    {
        ArgumentNullException.ThrowIfNull(model);
        var device = (CpuDevice)model.Device;
        using var own = new CpuDevice(device.Workers.Count, device.Precision);
        ITrainedModel read = ModelFolder.Load(folder, own).Model;
        // An adapter is merged when it is read: a sum is rounded that in memory never was one, as coarsely as products round.
        bool isMerged = LinearAdapter.Of(model.Parameters).All(a => a.IsMerged);
        double bound = isMerged ? Bound(type) : device.Precision == Precision.Float32 ? AdapterBound : Bound(DType.BFloat16);
        long weights = isMerged ? CompareWeights(folder, model, read, type) : 0;
        if (model is not ILogitsModel inMemory || read is not ILogitsModel readBack) return new ExportResult(weights, 0, 0, bound);
        int[] tokens = Tokens(model.Config);
        float[] want = Logits(inMemory, tokens), got = Logits(readBack, tokens);
        return CompareLogits(folder, want, got, bound) with { Weights = weights };
    }

    /// <summary>Compares logits.</summary>
    /// <exception cref="CheckpointException">They are of different counts, or further apart than <paramref name="bound"/>.</exception>
    internal static ExportResult CompareLogits(string folder, float[] want, float[] got, double bound)
    {
        if (got.Length != want.Length) throw Differs(folder, $"it gives {got.Length} logits and not {want.Length}");
        double error = 0;
        if (!MemoryMarshal.AsBytes(got.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(want.AsSpan())))
        {
            double norm = TensorPrimitives.Norm<float>(want);
            error = TensorPrimitives.Distance<float>(got, want) / (norm == 0 ? 1 : norm);
        }
        // NaN is no error below any bound.
        return error <= bound ? new ExportResult(0, want.Length, error, bound) : throw Differs(folder, $"its logits differ by {error:0.###e+0} of their norm; {bound} is the bound");
    }

    private static unsafe long CompareWeights(string folder, ITrainedModel model, ITrainedModel read, DType type)
    {
        Dictionary<string, Parameter> found = read.Parameters.ToDictionary(p => p.Name, StringComparer.Ordinal);
        long count = 0;
        foreach (Parameter parameter in model.Parameters.Where(p => !p.IsAdapter))
        {
            if (!found.TryGetValue(parameter.Name, out Parameter? other) || other.Value.Count != parameter.Value.Count) throw Differs(folder, $"it lacks {parameter.Name}");
            for (long done = 0; done < parameter.Value.Count; done += ChunkElements)
            {
                int length = (int)Math.Min(ChunkElements, parameter.Value.Count - done);
                var want = new ReadOnlySpan<float>((float*)parameter.Value.Pointer + done, length);
                var got = new ReadOnlySpan<float>((float*)other.Value.Pointer + done, length);
                if (!IsStored(want, got, type)) throw Differs(folder, $"{parameter.Name} came back with other values");
            }
            count += parameter.Value.Count;
        }
        return count;
    }

    private static bool IsStored(ReadOnlySpan<float> want, ReadOnlySpan<float> got, DType type)
    {
        if (type == DType.Float32) return MemoryMarshal.AsBytes(got).SequenceEqual(MemoryMarshal.AsBytes(want));
        byte[] wanted = new byte[want.Length * type.Size()], found = new byte[wanted.Length];
        ElementConversion.FromFloat32(type, want, wanted);
        ElementConversion.FromFloat32(type, got, found);
        return wanted.AsSpan().SequenceEqual(found);
    }

    private static float[] Logits(ILogitsModel model, int[] tokens)
    {
        Device device = model.Device;
        using var pause = device.Tape.Pause();
        using var scope = device.Scope("export check");
        return model.Logits(new SequenceBatch(device.From(tokens, 1, tokens.Length), default), default).Span.ToArray();
    }

    // Spread over the vocabulary; the same for every model of one size.
    private static int[] Tokens(ModelConfig config) =>
        [.. Enumerable.Range(1, Math.Min(MaxTokens, config.ContextLength)).Select(i => (int)((uint)i * 2_654_435_761u % (uint)config.VocabSize))];

    private static CheckpointException Differs(string folder, string what) =>
        new($"{folder}: what was written is not the model: read back, {what}. Nothing that was there before is lost; write it again, on another disk if it repeats.");
}
