namespace Sinter.Tests.Recipes;

/// <summary>The checkout that the tests were built in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Recipe(string name) => Path.Combine(Root, "recipes", name);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sinter.slnx"))) return folder.FullName;
        }
        throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository");
    }
}
