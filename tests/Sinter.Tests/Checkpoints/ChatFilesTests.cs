using Sinter.Checkpoints.HuggingFace;
using Sinter.Text.Chat;
using Sinter.Text.Templates;

namespace Sinter.Tests.Checkpoints;

public sealed class ChatFilesTests
{
    [Fact]
    public void Template_and_tokens_come_from_the_tokenizers_config()
    {
        using TempFolder folder = new("chat");
        File.WriteAllText(folder["tokenizer_config.json"],
            """{ "chat_template": "{{ bos_token }}{{ messages[0].content }}", "bos_token": { "content": "<s>", "lstrip": false }, "eos_token": "</s>", "pad_token": null }""");
        var files = ChatFiles.Read(folder.Path);
        Assert.Equal([("bos_token", "<s>"), ("eos_token", "</s>")], files.Tokens.All.Select(t => (t.Key, t.Value)));
        Assert.Equal("<s>hi", files.Template().Render([new("user", "hi")], new ChatOptions { Tokens = files.Tokens }).Text);
    }

    [Fact]
    public void A_file_of_its_own_goes_before_and_of_several_the_default_is_taken()
    {
        using TempFolder folder = new("chat");
        File.WriteAllText(folder["tokenizer_config.json"], """{ "chat_template": [{ "name": "tool_use", "template": "t" }, { "name": "default", "template": "d" }] }""");
        Assert.Equal("d", ChatFiles.Read(folder.Path).TemplateText);
        File.WriteAllText(folder["chat_template.jinja"], "own");
        Assert.Equal("own", ChatFiles.Read(folder.Path).TemplateText);
    }

    [Fact]
    public void Without_files_there_is_no_template_and_the_error_names_built_in_ones()
    {
        using TempFolder folder = new("chat");
        var error = Assert.Throws<CheckpointException>(() => ChatFiles.Read(folder.Path).Template());
        Assert.Contains("chatml", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "chat_template": 5 }""")]
    [InlineData("""{ "chat_template": [{ "name": "other", "template": "x" }] }""")]
    [InlineData("""{ "chat_template": """)]
    public void Damaged_files_are_named(string json)
    {
        using TempFolder folder = new("chat");
        File.WriteAllText(folder["tokenizer_config.json"], json);
        Assert.Contains("tokenizer_config.json", Assert.Throws<CheckpointException>(() => ChatFiles.Read(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_template_says_where()
    {
        using TempFolder folder = new("chat");
        File.WriteAllText(folder["chat_template.jinja"], "x\n{% nonsense %}");
        var error = Assert.Throws<TemplateException>(() => ChatFiles.Read(folder.Path).Template());
        Assert.Contains("chat_template.jinja, line 2, column 4", error.Message, StringComparison.Ordinal);
    }
}
