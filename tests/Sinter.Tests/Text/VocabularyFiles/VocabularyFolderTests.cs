using System.Text;
using System.Text.Json.Nodes;
using Sinter.Text.VocabularyFiles;

namespace Sinter.Tests.Text.VocabularyFiles;

public sealed class VocabularyFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sinter-vocabulary-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_folder_makes_the_tokenizer_that_transformers_makes()
    {
        int count = 0;
        foreach (string line in Encoding.UTF8.GetString(TokenizerReferences.Bytes("folders.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            JsonNode test = JsonNode.Parse(line)!;
            foreach (FileInfo file in _folder.GetFiles()) file.Delete();
            foreach ((string name, JsonNode? content) in test["files"]!.AsObject()) Write(name, content!.GetValue<string>());
            Assert.True(VocabularyFolder.IsOne(_folder.FullName));
            JsonNode made = JsonNode.Parse(VocabularyFolder.Compose(_folder.FullName))!;
            foreach ((string part, JsonNode? expected) in test["tokenizer"]!.AsObject())
                Assert.True(JsonNode.DeepEquals(expected, made[part]), $"{test["name"]}: {part}: want {expected?.ToJsonString()}, got {made[part]?.ToJsonString()}");
            count++;
        }
        Assert.True(count >= 18);
    }

    [Theory]
    [InlineData("vocab.txt", "a\n", "tokenizer_config.json", """{"tokenizer_class":"XlmTokenizer"}""", "XlmTokenizer")]
    [InlineData("vocab.txt", "a\n", "config.json", """{"model_type":"gpt2"}""", "vocab.json and merges.txt, which is missing")]
    [InlineData("vocab.txt", "a\n", "tokenizer_config.json", "{", "tokenizer_config.json: it is not JSON")]
    [InlineData("vocab.txt", "a\n", "tokenizer_config.json", """{"do_lower_case":1}""", "do_lower_case: expected true or false")]
    [InlineData("vocab.txt", "a\n", "added_tokens.json", """{"x":"1"}""", "added_tokens.json: x: expected a whole number")]
    [InlineData("vocab.json", "[]", "merges.txt", "", "vocab.json: the file: expected an object")]
    [InlineData("vocab.json", "{\"a\":0}", "merges.txt", "#version: 0.2\na b\nab\n", "merges.txt, line 3: expected two tokens")]
    public void What_is_damaged_or_not_known_is_refused_by_name(string first, string firstContent, string second, string secondContent, string expected)
    {
        Write(first, firstContent);
        Write(second, secondContent);
        Assert.Contains(expected, Assert.Throws<CheckpointException>(() => VocabularyFolder.Compose(_folder.FullName)).Message);
    }

    [Fact]
    public void Other_bytes_than_UTF_8_are_refused()
    {
        File.WriteAllBytes(Path.Combine(_folder.FullName, "vocab.txt"), [0x61, 0xFF, 0x0A]);
        Assert.Contains("not UTF-8", Assert.Throws<CheckpointException>(() => VocabularyFolder.Compose(_folder.FullName)).Message);
    }

    private void Write(string name, string content) => File.WriteAllText(Path.Combine(_folder.FullName, name), content);
}
