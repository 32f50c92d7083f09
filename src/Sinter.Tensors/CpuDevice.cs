using System.Runtime.InteropServices;
using Sinter.Tensors.Kernels.Attention;
using Sinter.Tensors.Kernels.Matrix;
using Sinter.Tensors.Memory;
using Sinter.Tensors.Threads;

namespace Sinter.Tensors;

/// <summary>The processor: a pool of threads and the matrix kernels of its instruction set.</summary>
public sealed unsafe class CpuDevice : Device
{
    private MicroKernel? _blockKernel;

    /// <summary>Opens the processor.</summary>
    /// <param name="threads">Threads to use; 0 is one per processor.</param>
    /// <param name="precision">How matrix products multiply; the default takes bfloat16 only where the processor multiplies it.</param>
    public CpuDevice(int threads = 0, Precision precision = Precision.Float32) : this(threads, precision, isRehearsal: false) { }

    private CpuDevice(int threads, Precision precision, bool isRehearsal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        IsRehearsal = isRehearsal;
        Workers = new WorkerPool(threads == 0 ? Environment.ProcessorCount : threads, isRehearsal);
        Matrix = new MatrixEngine(this);
        Precision = precision == Precision.Auto ? (MicroKernels.HasBFloat16 ? Precision.BFloat16 : Precision.Float32) : precision;
    }

    /// <summary>
    /// A processor on which operations ask for the memory that they would ask for and compute nothing: what a step will take is known before it is
    /// taken. Memory that nobody writes to is an address range and no more; elements are undefined.
    /// </summary>
    /// <inheritdoc cref="CpuDevice(int, Precision)" path="/param"/>
    public static CpuDevice Rehearsal(int threads = 0, Precision precision = Precision.Float32) => new(threads, precision, isRehearsal: true);

    /// <inheritdoc/>
    public override bool IsRehearsal { get; }

    /// <inheritdoc/>
    public override string Name => "cpu";

    /// <summary>The threads.</summary>
    public WorkerPool Workers { get; }

    /// <summary>How matrix products multiply now; storage and accumulation are float32 either way. Never <see cref="Precision.Auto"/>.</summary>
    public Precision Precision { get; set; }

    /// <summary>The matrix kernels in use, such as <c>avx512-bf16</c>.</summary>
    public string InstructionSet => MicroKernels.For(Precision).Set.Name();

    /// <inheritdoc/>
    public override DType OperandType => Precision == Precision.BFloat16 ? DType.BFloat16 : DType.Float32;

    internal MatrixEngine Matrix { get; }

    /// <summary>The micro-kernel that small products of blocks go through, as in attention: the precision's, or what a test put.</summary>
    internal MicroKernel BlockKernel { get => _blockKernel ?? BlockKernels.For(Precision); set => _blockKernel = value; }

    /// <summary>Working memory of one operation at a time, shared out among the workers by the operation.</summary>
    internal Scratch Working { get; } = new();

    /// <summary>What an operation keeps while it multiplies matrices, which take <see cref="Working"/> themselves.</summary>
    internal Scratch Iterates { get; } = new();

    /// <summary>Bytes of working memory that kernels hold beside the pool.</summary>
    internal long WorkspaceBytes => Working.Bytes + Iterates.Bytes + Matrix.WorkspaceBytes;

    /// <inheritdoc/>
    public override void Synchronize() { }

    /// <summary>Bytes that <see cref="Device.HoldWeights"/> holds now.</summary>
    public long HeldBytes => Matrix.Held.UsedBytes;

    /// <inheritdoc/>
    public override long HoldEpoch => Matrix.Held.Epoch;

    internal override void BeginHold(long? limitBytes, bool frozenOnly) =>
        Matrix.Held.Open(limitBytes ?? Math.Max(0, AvailableMemory.Bytes() - (IsRehearsal ? Memory.UsedBytes : 0)) / 2, frozenOnly);

    internal override void EndHold() => Matrix.Held.Close();

    internal override void WeightsChanged() => Matrix.Held.Forget();

    internal override void Clear(void* block, long bytes)
    {
        if (!IsRehearsal) NativeMemory.Clear(block, (nuint)bytes);
    }

    internal override void Copy(void* destination, void* source, long bytes)
    {
        if (!IsRehearsal) Buffer.MemoryCopy(source, destination, bytes, bytes);
    }

    /// <inheritdoc/>
    protected override void DisposeCore()
    {
        Matrix.Dispose();
        Working.Dispose();
        Iterates.Dispose();
        Workers.Dispose();
    }

    /// <summary>The processor that holds <paramref name="tensor"/>, on which <paramref name="op"/> begins to run.</summary>
    internal static CpuDevice Of(Tensor tensor, string op)
    {
        var cpu = tensor.Live(op).Device as CpuDevice ?? throw new NotSupportedException($"[{op}] has no kernel for the device '{tensor.Device.Name}'.");
        cpu.Profile?.Begin(op);
        return cpu;
    }
}
