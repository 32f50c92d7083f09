using Sinter.Tensors;

namespace Sinter.Layers;

/// <summary>The place of each token among the learned positions, int32 [B, T] in the device's innermost scope.</summary>
internal static class TokenPlaces
{
    /// <summary>Places from 0 in each segment, so that a text stands where it would stand alone.</summary>
    public static Tensor Restarting(Tensor segments)
    {
        var places = segments.Device.Empty(segments.Shape, DType.Int32);
        ReadOnlySpan<int> segment = segments.Int32Span;
        var place = places.Int32Span;
        int length = (int)segments.Shape[1];
        for (int i = 0; i < place.Length; i++) place[i] = i % length > 0 && segment[i] == segment[i - 1] ? place[i - 1] + 1 : 0;
        return places;
    }

    /// <summary>RoBERTa's: tokens other than padding are counted from <paramref name="padding"/> + 1 in each segment, and padding stands at its own id.</summary>
    public static Tensor Counting(Tensor tokens, Tensor segments, int padding)
    {
        var places = tokens.Device.Empty(tokens.Shape, DType.Int32);
        ReadOnlySpan<int> token = tokens.Int32Span, segment = segments.IsNone ? [] : segments.Int32Span;
        var place = places.Int32Span;
        int length = (int)tokens.Shape[1], last = padding;
        for (int i = 0; i < place.Length; i++)
        {
            if (i % length == 0 || (segment.Length > 0 && segment[i] != segment[i - 1])) last = padding;
            place[i] = token[i] == padding ? padding : ++last;
        }
        return places;
    }
}
