namespace Sinter.Tensors.Ops;

public static partial class Op
{
    /// <summary>Each fused operation made of plain ones: what it is checked against, and what a device runs that has no kernel for it.</summary>
    public static partial class Compose;
}
