using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Sinter.Checkpoints.Files;

/// <summary>Names for what is not complete: hidden, and of a form that nobody else uses, so that leftovers of a killed process are known.</summary>
internal static partial class TemporaryName
{
    /// <summary>Being written; worthless if its writer is gone.</summary>
    public const string Writing = "writing";

    /// <summary>The complete predecessor of something being replaced; worth restoring if the final name is missing.</summary>
    public const string Replaced = "replaced";

    /// <summary>Being deleted.</summary>
    public const string Removing = "removing";

    /// <summary>A new path beside <paramref name="path"/>: <c>.NAME.sinter-ROLE-0123456789abcdef</c>.</summary>
    public static string Sibling(string path, string role)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        string name = $".{Path.GetFileName(full)}.sinter-{role}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        return Path.Combine(Path.GetDirectoryName(full)!, name);
    }

    /// <summary>The final name and the role in a path made by <see cref="Sibling"/>; null for any other.</summary>
    public static (string Final, string Role)? Parse(string path)
    {
        Match match = Pattern().Match(Path.GetFileName(path));
        return match.Success ? (Path.Combine(Path.GetDirectoryName(path)!, match.Groups[1].Value), match.Groups[2].Value) : null;
    }

    /// <summary>Deletes a file or a folder; what can't be deleted stays for the next cleaning.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            else
                File.Delete(path);
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
        }
    }

    [GeneratedRegex(@"^\.(.+)\.sinter-(writing|replaced|removing)-[0-9a-f]{16}\z", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
