using System.Diagnostics;
using System.Globalization;

namespace Sinter.Tests.Fuzz;

/// <summary>What became of the damaged files of one kind.</summary>
internal sealed class FuzzRun(FuzzTarget target, string folder, string findings)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1), s_stuck = TimeSpan.FromSeconds(60);
    private const long MostAllocated = 64L << 20;

    private readonly Stopwatch _case = new();
    private int _done;

    public int Read { get; private set; }

    public int Refused { get; private set; }

    public TimeSpan Slowest { get; private set; }

    /// <summary>A line for each crash, hang or excess of memory.</summary>
    public List<string> Findings { get; } = [];

    /// <summary>Tries <paramref name="count"/> files; a file that never comes back ends the run.</summary>
    public void Try(int count, int seed)
    {
        var worker = new Thread(() =>
        {
            for (int i = 0; i < count; i++, Volatile.Write(ref _done, i)) TryOne(new Random(HashCode.Combine(seed, i) ^ i), i);
        }) { IsBackground = true, Name = "fuzz" };
        worker.Start();
        int seen = -1;
        while (!worker.Join(s_stuck))
        {
            int done = Volatile.Read(ref _done);
            if (done == seen)
            {
                Findings.Add($"{target.Name} {done}: does not come back; see {folder}");
                return;
            }
            seen = done;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{target.Name,-15} {Read + Refused,7} files: {Read,6} read, {Refused,6} refused, {Findings.Count} crashes or hangs; slowest {Slowest.TotalMilliseconds:0} ms");

    private void TryOne(Random random, int number)
    {
        byte[] bytes = target.Mutate(new Mutation(random), target.Examples[random.Next(target.Examples.Count)]);
        File.WriteAllBytes(Path.Combine(folder, target.FileName), bytes);
        string? finding = Once(out TimeSpan time, out bool isRead);
        // Others use this machine too: what took long has to take long again.
        for (int again = 0; again < 3 && time > s_limit; again++) finding = Once(out time, out _);
        if (time > Slowest) Slowest = time;
        if (time > s_limit) finding = $"{time.TotalSeconds:0.0} s";
        if (isRead) Read++;
        else Refused++;
        if (finding is null) return;
        Findings.Add($"{target.Name} {number}: {finding}");
        File.WriteAllBytes(Path.Combine(findings, $"{number}-{target.FileName}"), bytes);
    }

    private string? Once(out TimeSpan time, out bool isRead)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        isRead = false;
        string? finding = null;
        _case.Restart();
        try
        {
            target.Read(folder);
            isRead = true;
        }
        catch (SinterException error)
        {
            if (string.IsNullOrWhiteSpace(error.Message)) finding = "a refusal without a reason";
        }
        catch (Exception error)
        {
            finding = error.ToString();
        }
        time = _case.Elapsed;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return finding ?? (allocated > MostAllocated ? $"{allocated >> 20} MiB allocated" : null);
    }
}
