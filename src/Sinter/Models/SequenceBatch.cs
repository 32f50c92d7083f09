using Sinter.Data;
using Sinter.Tensors;

namespace Sinter.Models;

/// <summary>Rows of tokens with what is to be predicted from them.</summary>
/// <param name="Tokens">int32 [B, T].</param>
/// <param name="Targets">int32 [B, T], −100 where there is none: for a language model the token after each position, for a classifier the label at the position that
/// stands for the text.</param>
public readonly record struct SequenceBatch(Tensor Tokens, Tensor Targets)
{
    /// <summary>int32 [B, T], or none: positions see only those of their own segment, so that texts packed into a row do not see each other and nothing sees
    /// padding.</summary>
    public Tensor Segments { get; init; }

    /// <summary>int32 [B, T], or none: the type of text at each position, for encoders.</summary>
    public Tensor Types { get; init; }

    /// <summary>float32 [B, K], or none: the numbers to predict for each row.</summary>
    public Tensor Values { get; init; }

    /// <summary>Room for rows of sequences, in the device's innermost scope.</summary>
    /// <param name="device">Where.</param>
    /// <param name="sequences">What the rows will hold.</param>
    /// <param name="rows">B.</param>
    /// <param name="width">T.</param>
    public static SequenceBatch Empty(Device device, ISequences sequences, int rows, int width)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(sequences);
        var shape = new Shape(rows, width);
        return new SequenceBatch(device.Empty(shape, DType.Int32), device.Empty(shape, DType.Int32))
        {
            Segments = sequences.HasSegments ? device.Empty(shape, DType.Int32) : default,
            Types = sequences.HasTypes ? device.Empty(shape, DType.Int32) : default,
            Values = sequences.ValueCount > 0 ? device.Empty(new Shape(rows, sequences.ValueCount)) : default,
        };
    }

    /// <summary>Fills a row with a sequence.</summary>
    public void Fill(int row, ISequences sequences, long sequence)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        int width = (int)Tokens.Shape[1], values = sequences.ValueCount;
        sequences.Fill(sequence, new SequenceRow(Tokens.Int32Span.Slice(row * width, width), Targets.Int32Span.Slice(row * width, width))
        {
            Segments = Segments.IsNone ? default : Segments.Int32Span.Slice(row * width, width),
            Types = Types.IsNone ? default : Types.Int32Span.Slice(row * width, width),
            Values = Values.IsNone ? default : Values.Span.Slice(row * values, values),
        });
    }
}
