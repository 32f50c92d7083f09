namespace Sinter.Tensors.Tests.Ops;

/// <summary>Lengths around each vector width, and around four vectors at a time.</summary>
public static class Widths
{
    public static TheoryData<int> All() => [1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 130];
}
