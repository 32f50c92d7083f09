using System.Diagnostics;
using System.Runtime.InteropServices;
using Sinter.Checkpoints.HuggingFace;
using Sinter.Checkpoints.Weights;
using Sinter.Layers.Initialization;
using Sinter.Models;
using Sinter.Tensors;

namespace Sinter.Cli.Bench;

/// <summary>Loads a model folder, and reads its files as the comparison.</summary>
internal sealed partial class LoadBench
{
    private const int BufferBytes = 1 << 20;
    private const int FadviseDontNeed = 4;

    private readonly string _folder;
    private readonly int _threads;
    private readonly List<string> _files;

    public LoadBench(string folder, int threads)
    {
        (_folder, _threads) = (folder, threads);
        using var weights = WeightsFolder.Open(folder);
        _files = [.. weights.Files.Select(f => f.Path)];
        (Format, Bytes) = (weights.Format.Name, _files.Sum(f => new FileInfo(f).Length));
    }

    /// <summary>The format of the weights.</summary>
    public string Format { get; }

    /// <summary>Bytes of the weight files.</summary>
    public long Bytes { get; }

    /// <summary>Seconds to read the weight files from front to back into one buffer, as <c>cat</c> does.</summary>
    public TimeSpan Read(bool cold)
    {
        if (cold) Forget();
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        long began = Stopwatch.GetTimestamp();
        foreach (string path in _files)
        {
            using var file = File.OpenHandle(path);
            for (long position = 0; RandomAccess.Read(file, buffer, position) is > 0 and var read; position += read) { }
        }
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Seconds to read the weight files whole into memory of their own, as loading has to at the least.</summary>
    public unsafe TimeSpan ReadToMemory(bool cold)
    {
        if (cold) Forget();
        const int piece = 1 << 24;
        long began = Stopwatch.GetTimestamp(), done = 0;
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)Bytes, 1 << 21);
        try
        {
            foreach (string path in _files)
            {
                using var file = File.OpenHandle(path);
                int read;
                for (long position = 0; (read = RandomAccess.Read(file, new Span<byte>(memory + done, (int)Math.Min(piece, Bytes - done)), position)) > 0; position += read) done += read;
            }
            return Stopwatch.GetElapsedTime(began);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>Seconds until the model is there: its files opened and checked, its parameters made, its weights read and converted.</summary>
    public TimeSpan Load(bool cold)
    {
        if (cold) Forget();
        using var device = new CpuDevice(_threads);
        long began = Stopwatch.GetTimestamp();
        using var files = HuggingFaceModel.Open(_folder);
        var model = Architectures.BuildModel(files.Config, device, initialization: ModelInitialization.None);
        files.Load(model.Parameters);
        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Asks the system to drop the files from its cache.</summary>
    private void Forget()
    {
        foreach (string path in _files)
        {
            using var file = File.OpenHandle(path);
            if (!OperatingSystem.IsLinux() || PosixFadvise(file, 0, 0, FadviseDontNeed) != 0)
                throw new SinterException("--cold: this system can't be asked to drop a file from its cache; measure without.");
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int PosixFadvise(SafeHandle file, long offset, long length, int advice);
}
