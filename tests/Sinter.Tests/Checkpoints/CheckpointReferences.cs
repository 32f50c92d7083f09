namespace Sinter.Tests.Checkpoints;

/// <summary>The files that References/checkpoints/make.py wrote.</summary>
internal static class CheckpointReferences
{
    public static string Path(string name)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            string root = System.IO.Path.Combine(folder, "tests", "Sinter.Tests", "References", "checkpoints");
            if (Directory.Exists(root))
                return System.IO.Path.Combine(root, name);
        }
        throw new DirectoryNotFoundException("The tests have to run within the repository.");
    }
}
