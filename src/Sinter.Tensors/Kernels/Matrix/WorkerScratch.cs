namespace Sinter.Tensors.Kernels.Matrix;

/// <summary>Where a worker keeps what it packed for itself, and tiles of C that are not computed in place.</summary>
internal readonly unsafe struct WorkerScratch(byte* memory, long edgeBytes, long packedBytes)
{
    private const int Alignment = 64;

    private long PerWorker => edgeBytes + packedBytes;

    /// <summary>Room for tiles of a kernel and <paramref name="packedBytes"/> bytes; <see cref="Bytes"/> of memory are for <see cref="At"/>.</summary>
    public static WorkerScratch For(MicroKernel kernel, long packedBytes) =>
        new(null, MatrixPlan.RoundUp(2 * kernel.Rows * kernel.Columns * sizeof(float), Alignment), MatrixPlan.RoundUp(packedBytes, Alignment) + Alignment);

    public long Bytes(int workers) => PerWorker * workers;

    public WorkerScratch At(byte* block) => new(block, edgeBytes, packedBytes);

    public float* Edge(int worker) => (float*)(memory + worker * PerWorker);

    public byte* Packed(int worker) => memory + worker * PerWorker + edgeBytes;
}
