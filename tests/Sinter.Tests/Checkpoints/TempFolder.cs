using System.Runtime.CompilerServices;

namespace Sinter.Tests.Checkpoints;

/// <summary>A folder for one test, gone after it.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder([CallerMemberName] string test = "") =>
        Path = Directory.CreateTempSubdirectory($"sinter-{test[..Math.Min(30, test.Length)]}-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and gives its path.</summary>
    public string File(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(this[name], content);
        return this[name];
    }

    /// <summary>Copies a folder, and what lies in it, into this one.</summary>
    public string Copy(string folder, string name)
    {
        Directory.CreateDirectory(this[name]);
        foreach (string path in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        {
            string target = System.IO.Path.Combine(this[name], System.IO.Path.GetRelativePath(folder, path));
            if (Directory.Exists(path))
            {
                Directory.CreateDirectory(target);
                continue;
            }
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            System.IO.File.Copy(path, target, overwrite: true);
        }
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
