using System.Text;

namespace Sinter.Cli.Tests;

/// <summary>What can't be trained is refused before training, with what, where and what to do, and leaves nothing behind.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("text shorter", "data.text=short.txt", "context of 16 needs at least 17", "give more text", "short.txt")]
    [InlineData("missing", "data.text=missing.txt", "missing.txt", "neither a file nor a folder")]
    [InlineData("empty", "data.text=empty.txt", "empty.txt", "is empty")]
    [InlineData("binary", "data.text=binary.txt", "binary.txt", "binary", "offset 3")]
    [InlineData("not UTF-8", "data.text=latin.txt", "latin.txt", "UTF-8", "offset 3")]
    [InlineData("other format", "data.text=picture.png", "picture.png", ".txt, .md, .jsonl")]
    [InlineData("no match", "data.text=*.jsonl", "*.jsonl")]
    public void Text(string _, string set, params string[] expected)
    {
        using var workspace = new Workspace();
        File.WriteAllText(workspace["short.txt"], "short");
        File.WriteAllText(workspace["empty.txt"], "");
        File.WriteAllBytes(workspace["binary.txt"], [.. "abc\0\u0001def"u8]);
        File.WriteAllBytes(workspace["latin.txt"], [.. Encoding.Latin1.GetBytes("caf\u00e9 and some more text than a context has")]);
        File.WriteAllText(workspace["picture.png"], "no picture");
        var result = workspace.Run("train", "recipe.yaml", "--set", set);
        foreach (string part in expected) Assert.Contains(part, result.Expect(1).Error);
        Assert.Empty(workspace.Runs());
        workspace.Run("train", "recipe.yaml", "--set", set, "--run", "mine").Expect(1);
        Assert.False(Directory.Exists(workspace["mine"]));
    }

    [Fact]
    public void Every_error_of_a_recipe_at_once_with_its_place()
    {
        using var workspace = new Workspace();
        File.WriteAllText(workspace["wrong.yaml"], """
            schema_version: 1
            data: { text: text.txt }
            model:
              num_layer: 2
              num_heads: 3
              hidden_size: 32
            training: { max_steps: many, batch_size: 0 }
            """);
        var result = workspace.Run("train", "wrong.yaml", "--set", "training.seeed=1").Expect(2);
        Assert.Contains("wrong.yaml:4:3", result.Error);
        Assert.Contains("did you mean num_layers?", result.Error);
        Assert.Contains("3 heads do not divide hidden_size (32)", result.Error);
        Assert.Contains("max_steps", result.Error);
        Assert.Contains("batch_size", result.Error);
        Assert.Contains("did you mean seed?", result.Error);
        Assert.Empty(workspace.Runs());
    }

    [Fact]
    public void A_recipe_that_is_not_there_has_a_near_one()
    {
        using var workspace = new Workspace();
        Assert.Contains("did you mean recipe.yaml?", workspace.Run("train", "recip.yaml").Expect(2).Error);
    }

    [Fact]
    public void A_model_that_is_not_there()
    {
        using var workspace = new Workspace();
        string[][] commands = [["generate", "none", "--tokens", "1"], ["evaluate", "none", "--data", "text.txt"],
            ["logits", "none", "--tokens", "1", "--out", "o.safetensors"], ["inspect", "none"]];
        foreach (string[] command in commands)
            Assert.Contains("there is no such", workspace.Run(command).Expect(1).Error);
        Assert.False(File.Exists(workspace["o.safetensors"]));
        Directory.CreateDirectory(workspace["folder"]);
        Assert.Contains("neither a model", workspace.Run("generate", "folder", "--tokens", "1").Expect(1).Error);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("hostile")]
    [InlineData("missing")]
    [InlineData("extra")]
    [InlineData("misshaped")]
    public void Damaged_weights(string how)
    {
        using var workspace = new Workspace();
        string folder = Models.Copy("gpt2-tiny", workspace["model"]), file = Path.Combine(folder, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        string header = Encoding.UTF8.GetString(bytes, 8, (int)BitConverter.ToInt64(bytes));
        string Renamed(string from, string to)
        {
            Assert.Contains(from, header);
            return header.Replace(from, to, StringComparison.Ordinal);
        }
        (byte[] damaged, string expected) = how switch
        {
            "truncated" => (bytes[..^100], "truncated"),
            "hostile" => ([.. BitConverter.GetBytes(long.MaxValue), .. bytes[8..]], "header"),
            "missing" => (With(bytes, Renamed("\"transformer.h.0.ln_1.bias\"", "\"transformer.h.0.ln_9.bias\"")), "transformer.h.0.ln_1.bias"),
            "extra" => (With(bytes, Renamed("\"transformer.h.0.ln_1.bias\"", "\"transformer.h.0.ln_9.bias\"")), "transformer.h.0.ln_9.bias"),
            _ => (With(bytes, Renamed("[48,144]", "[144,48]")), "144"),
        };
        File.WriteAllBytes(file, damaged);
        foreach (string[] command in (string[][])[["generate", "model", "--tokens", "1"], ["inspect", "model"]])
        {
            var result = workspace.Run(command).Expect(1);
            Assert.Contains(expected, result.Error);
            Assert.Contains("model", result.Error);
            Assert.Empty(result.Output);
        }
    }

    private static byte[] With(byte[] file, string header)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        Assert.Equal(BitConverter.ToInt64(file), json.Length);
        return [.. file[..8], .. json, .. file[(8 + json.Length)..]];
    }
}
