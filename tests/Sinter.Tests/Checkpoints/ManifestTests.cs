using Sinter.Checkpoints.Files;

namespace Sinter.Tests.Checkpoints;

public sealed class ManifestTests
{
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";

    [Fact]
    public void Every_file_is_covered()
    {
        using TempFolder folder = Folder();
        Manifest written = Manifest.Write(folder.Path, 7, new Dictionary<string, FileHash> { ["a"] = FileHash.Of(folder["a"]) });
        Manifest read = Manifest.Verify(folder.Path);
        Assert.Equal(7, read.Step);
        Assert.Equal(["a", "b"], read.Files.Keys.Order());
        Assert.Equal(written.Files["b"], read.Files["b"]);
    }

    [Fact]
    public void A_changed_byte_is_named_with_file_and_hashes()
    {
        using TempFolder folder = Folder();
        Manifest manifest = Manifest.Write(folder.Path, 7);
        folder.File("b", [3, 4, 6]);
        string message = Assert.Throws<CheckpointException>(() => Manifest.Verify(folder.Path)).Message;
        Assert.StartsWith(folder["b"] + ": damaged", message, StringComparison.Ordinal);
        Assert.Contains(manifest.Files["b"].Sha256, message, StringComparison.Ordinal);
        Assert.Contains(FileHash.Of(folder["b"]).Sha256, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shorter_and_a_missing_file_are_named()
    {
        using TempFolder folder = Folder();
        Manifest.Write(folder.Path, 7);
        folder.File("b", [3, 4]);
        Assert.Contains("2 bytes, and manifest.json says 3", Assert.Throws<CheckpointException>(() => Manifest.Verify(folder.Path)).Message,
            StringComparison.Ordinal);
        File.Delete(folder["b"]);
        Assert.Contains(folder["b"], Assert.Throws<CheckpointException>(() => Manifest.Verify(folder.Path)).Message, StringComparison.Ordinal);
        File.Delete(folder["manifest.json"]);
        Assert.Contains("manifest.json", Assert.Throws<CheckpointException>(() => Manifest.Verify(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"schema_version\":2,\"step\":1,\"files\":[]}", "Use a newer Sinter")]
    [InlineData("{\"step\":1,\"files\":[]}", "schema_version")]
    [InlineData("{\"schema_version\":1,\"step\":-1,\"files\":[]}", "step")]
    [InlineData("{\"schema_version\":1,\"step\":1,\"files\":{}}", "an array was expected")]
    [InlineData("{\"schema_version\":1,\"step\":1,\"files\":[1]}", "an array of objects")]
    [InlineData("{\"schema_version\":1,\"step\":1,\"files\":[{\"name\":\"../x\",\"bytes\":1,\"sha256\":\"" + Zeros + "\"}]}", "files[0].name")]
    [InlineData("{\"schema_version\":1,\"step\":1,\"files\":[{\"name\":\"x\",\"bytes\":1,\"sha256\":\"00\"}]}", "files[0].sha256")]
    [InlineData("{\"schema_version\":1,\"step\":1", "not valid JSON")]
    [InlineData("", "not valid JSON")]
    public void A_damaged_manifest_is_refused(string json, string expected)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["manifest.json"], json);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => Manifest.Verify(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static TempFolder Folder()
    {
        var folder = new TempFolder();
        folder.File("a", [1, 2]);
        folder.File("b", [3, 4, 5]);
        return folder;
    }
}
