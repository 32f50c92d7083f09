using System.Diagnostics;
using Sinter.Checkpoints.Files;
using Sinter.Checkpoints.Runs;
using Sinter.Checkpoints.Safetensors;
using Sinter.Tensors;

namespace Sinter.Tests.Checkpoints;

public sealed class DiskTests
{
    [Fact]
    public void A_full_disk_leaves_the_last_checkpoint_and_no_rubbish()
    {
        using var folder = new TempFolder();
        string disk = Directory.CreateDirectory(folder["disk"]).FullName;
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk),
            "A small disk can be mounted only by root on Linux.");
        try
        {
            RunFolder run = RunFolder.Create(disk, "tiny");
            run.Save(1, path => RunFolderTests.Fill(path, 1));
            // Through our own writers, and through whatever else fills a checkpoint.
            foreach (Action<string> fill in (Action<string>[])
                [
                    path => SafetensorsWriter.Write(Path.Combine(path, "x.safetensors"), [SafetensorsTensor.Zeros("x", DType.Float32, [1_000_000])]),
                    path => File.WriteAllBytes(Path.Combine(path, "other"), new byte[4_000_000]),
                    path => DurableFile.Write(Path.Combine(path, "other"), file => file.Append(new byte[4_000_000])),
                ])
            {
                string message = Assert.Throws<CheckpointException>(() => run.Save(2, path =>
                {
                    fill(path);
                    return new Dictionary<string, FileHash>();
                })).Message;
                Assert.Contains("the disk is full", message, StringComparison.Ordinal);
                Assert.Equal([Path.Combine(run.CheckpointsPath, "step-000001")], Directory.GetFileSystemEntries(run.CheckpointsPath));
                Assert.Equal(1, run.NewestGood().Best!.Step);
            }
        }
        finally
        {
            Assert.True(Run("umount", disk));
        }
    }

    [Fact]
    public void A_folder_without_permission_is_named()
    {
        using var folder = new TempFolder();
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Nothing is forbidden to root, and Windows has other permissions.");
            return;
        }
        RunFolder run = RunFolder.Create(folder.Path, "tiny");
        File.SetUnixFileMode(run.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            AssertDenied(() => run.Save(1, path => RunFolderTests.Fill(path, 1)));
            AssertDenied(() => RunFolder.Create(run.Path, "tiny"));
        }
        finally
        {
            File.SetUnixFileMode(run.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void A_read_only_disk_is_named()
    {
        using var folder = new TempFolder();
        string disk = Directory.CreateDirectory(folder["disk"]).FullName;
        Assert.SkipUnless(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk),
            "A read-only disk can be mounted only by root on Linux.");
        try
        {
            RunFolder run = RunFolder.Create(disk, "tiny");
            Assert.True(Run("mount", "-o", "remount,ro", disk));
            Action[] acts = [() => run.Save(1, path => RunFolderTests.Fill(path, 1)), () => run.Lock(), () => RunFolder.Create(disk, "tiny")];
            foreach (Action act in acts)
                Assert.Contains("read-only", Assert.Throws<CheckpointException>(act).Message, StringComparison.Ordinal);
        }
        finally
        {
            Assert.True(Run("umount", disk));
        }
    }

    private static void AssertDenied(Action act) =>
        Assert.Contains("permission denied", Assert.Throws<CheckpointException>(act).Message, StringComparison.Ordinal);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
