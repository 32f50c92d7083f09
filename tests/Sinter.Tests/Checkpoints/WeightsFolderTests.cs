using System.Text.Json.Nodes;
using Sinter.Checkpoints.Weights;

namespace Sinter.Tests.Checkpoints;

public sealed class WeightsFolderTests
{
    [Fact]
    public void Shards_are_found_through_the_index()
    {
        using var folder = WeightsFolder.Open(CheckpointReferences.Path("llama-shards"));
        Assert.Equal(3, folder.Files.Count);
        Assert.Equal(21, folder.Tensors.Count);
    }

    [Theory]
    [InlineData("\"../model.safetensors\"")]
    [InlineData("\"/etc/passwd\"")]
    [InlineData("\"sub/x.safetensors\"")]
    [InlineData("\"..\\\\x.safetensors\"")]
    [InlineData("\"c:x.safetensors\"")]
    [InlineData("\"x.bin\"")]
    [InlineData("\"\"")]
    [InlineData("7")]
    [InlineData("null")]
    public void A_shard_outside_the_folder_is_refused(string shard)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["model.safetensors.index.json"], $"{{\"weight_map\":{{\"a\":{shard}}}}}");
        Assert.Contains("weight_map.a", Open(folder.Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "a JSON object was expected")]
    [InlineData("{}", "'weight_map': it is missing")]
    [InlineData("{\"weight_map\":[]}", "an object was expected")]
    [InlineData("{\"weight_map\":{\"a\":\"x.safetensors\",\"a\":\"y.safetensors\"}}", "not valid JSON")]
    [InlineData("{\"weight_map\":{\"\\udc00\":\"x.safetensors\"}}", "not valid JSON")]
    [InlineData("{\"weight_map\":", "not valid JSON")]
    [InlineData("{\"weight_map\":{\"a\":\"x.safetensors\"}}", "no such file")]
    public void A_damaged_index_is_refused(string index, string expected)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["model.safetensors.index.json"], index);
        Assert.Contains(expected, Open(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_and_shards_that_disagree_are_refused()
    {
        using var folder = new TempFolder();
        string copy = folder.Copy(CheckpointReferences.Path("llama-shards"), "model"), path = Path.Combine(copy, "model.safetensors.index.json");
        JsonObject index = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        JsonObject map = index["weight_map"]!.AsObject();

        map["model.norm.weight"] = "model-00001-of-00003.safetensors";
        File.WriteAllText(path, index.ToJsonString());
        Assert.Contains("'model.norm.weight' is not in model-00001", Open(copy), StringComparison.Ordinal);

        map.Remove("model.norm.weight");
        File.WriteAllText(path, index.ToJsonString());
        Assert.Contains("'model.norm.weight' of", Open(copy), StringComparison.Ordinal);

        File.Copy(Path.Combine(copy, "model-00003-of-00003.safetensors"), Path.Combine(copy, "again.safetensors"));
        map["again"] = "again.safetensors";
        File.WriteAllText(path, index.ToJsonString());
        Assert.Contains("do not belong together", Open(copy), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_weights_says_what_it_holds_instead()
    {
        using var folder = new TempFolder();
        Assert.Contains("no such folder", Open(folder["none"]), StringComparison.Ordinal);
        Assert.Contains("neither model.safetensors nor", Open(folder.Path), StringComparison.Ordinal);
        folder.File("model-00001-of-00002.safetensors", []);
        Assert.Contains("copy or download it too", Open(folder.Path), StringComparison.Ordinal);
        File.Delete(folder["model-00001-of-00002.safetensors"]);
        folder.File("pytorch_model-00001-of-00002.bin", []);
        Assert.Contains("pytorch_model.bin.index.json that lists them", Open(folder.Path), StringComparison.Ordinal);
    }

    private static string Open(string path) => Assert.Throws<CheckpointException>(() => WeightsFolder.Open(path)).Message;
}
