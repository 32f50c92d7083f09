using Sinter.Checkpoints.Files;

namespace Sinter.Tests.Checkpoints;

public sealed class AtomicFolderTests
{
    public static TheoryData<string, bool> Stages()
    {
        var stages = new TheoryData<string, bool>();
        foreach (string stage in (string[])["created", "filled", "flushed", "set aside", "renamed", "done"])
        {
            stages.Add(stage, true);
            stages.Add(stage, false);
        }
        return stages;
    }

    /// <summary>The disk as a kill at that stage would leave it is a copy taken there.</summary>
    [Theory]
    [MemberData(nameof(Stages))]
    public void A_kill_at_any_stage_leaves_the_old_or_the_new(string stage, bool existed)
    {
        using var folder = new TempFolder();
        using var killed = new TempFolder();
        string final = folder["runs/model"];
        if (existed)
            AtomicFolder.Write(final, path => Fill(path, 1));
        AtomicFolder.Write(final, path => Fill(path, 2), reached =>
        {
            if (reached == stage)
                killed.Copy(folder["runs"], "runs");
        });
        AssertHolds(final, 2);

        IReadOnlyList<string> restored = AtomicFolder.Recover(killed["runs"]);
        bool renamed = stage is "renamed" or "done";
        Assert.Equal(existed && stage == "set aside" ? [killed["runs/model"]] : [], restored);
        if (renamed || existed)
            AssertHolds(killed["runs/model"], renamed ? 2 : 1);
        Assert.Equal(renamed || existed ? [killed["runs/model"]] : [], Directory.GetFileSystemEntries(killed["runs"]));
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void An_error_at_any_stage_leaves_the_old_or_the_new(string stage, bool existed)
    {
        using var folder = new TempFolder();
        string final = folder["model"];
        if (existed)
            AtomicFolder.Write(final, path => Fill(path, 1));
        Assert.Throws<InvalidTimeZoneException>(() => AtomicFolder.Write(final, path => Fill(path, 2), reached =>
        {
            if (reached == stage)
                throw new InvalidTimeZoneException();
        }));
        bool renamed = stage is "renamed" or "done";
        if (renamed || existed)
            AssertHolds(final, renamed ? 2 : 1);
        AtomicFolder.Recover(folder.Path);
        Assert.Equal(renamed || existed ? [final] : [], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_error_of_the_file_system_is_explained()
    {
        using var folder = new TempFolder();
        string message = Assert.Throws<CheckpointException>(() =>
            AtomicFolder.Write(folder["model"], path => File.ReadAllText(path + "/none"))).Message;
        Assert.StartsWith(folder["model"] + ": writing failed", message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Only_our_own_leftovers_are_cleaned()
    {
        using var folder = new TempFolder();
        string[] others = [".git", ".model.sinter-writing-0123", ".model.sinter-writing-0123456789abcdeX", "model.sinter-writing-0123456789abcdef",
            ".model.sinter-other-0123456789abcdef", ".sinter-writing-0123456789abcdef", ".model.sinter-writing-0123456789abcdef.bak", "checkpoint"];
        string[] ours = [".model.sinter-writing-0123456789abcdef", ".step-000001.sinter-removing-0123456789abcdef"];
        foreach (string name in (string[])[.. others, .. ours])
        {
            Directory.CreateDirectory(folder[name]);
            File.WriteAllText(folder[name + "/file"], "");
        }
        folder.File(".config.json.sinter-writing-0123456789abcdef", [1]);
        Assert.Empty(AtomicFolder.Recover(folder.Path));
        Assert.Equal(others.Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(AtomicFolder.Recover(folder["none"]));
    }

    private static void Fill(string path, int content)
    {
        File.WriteAllText(Path.Combine(path, "a"), $"{content}");
        Directory.CreateDirectory(Path.Combine(path, "sub"));
        File.WriteAllText(Path.Combine(path, "sub", "b"), $"{content}");
    }

    private static void AssertHolds(string path, int content)
    {
        Assert.Equal($"{content}", File.ReadAllText(Path.Combine(path, "a")));
        Assert.Equal($"{content}", File.ReadAllText(Path.Combine(path, "sub", "b")));
    }
}
