namespace Sinter.Data.Sdk;

/// <summary>Orders version folders such as <c>9.0.4</c>, <c>10.0.100-preview.3</c> and <c>10.0.100</c>, a release after its previews.</summary>
internal sealed class SdkVersion : IComparer<string>
{
    /// <summary>The newest of the folders in <paramref name="folder"/> whose names are versions, as a path; null if there is none.</summary>
    public static string? Newest(string folder) => !Directory.Exists(folder) ? null : Directory.EnumerateDirectories(folder)
        .Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])).MaxBy(path => Path.GetFileName(path), new SdkVersion());

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        (string[] a, string[] previewA) = Parts(x ?? "");
        (string[] b, string[] previewB) = Parts(y ?? "");
        int order = Compare(a, b);
        if (order != 0) return order;
        return previewA.Length == 0 || previewB.Length == 0 ? previewB.Length.CompareTo(previewA.Length) : Compare(previewA, previewB);
    }

    private static (string[] Release, string[] Preview) Parts(string version)
    {
        int dash = version.IndexOf('-');
        return dash < 0 ? (version.Split('.'), []) : (version[..dash].Split('.'), version[(dash + 1)..].Split('.'));
    }

    private static int Compare(string[] a, string[] b)
    {
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            bool numbers = long.TryParse(a[i], out long left) & long.TryParse(b[i], out long right);
            int order = numbers ? left.CompareTo(right) : string.CompareOrdinal(a[i], b[i]);
            if (order != 0) return order;
        }
        return a.Length.CompareTo(b.Length);
    }
}
