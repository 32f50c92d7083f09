using Sinter.Tests.Text.Templates;
using Sinter.Text.Chat;
using Sinter.Text.Templates;

namespace Sinter.Tests.Text.Chat;

public sealed class ChatTemplateTests
{
    private static readonly ChatOptions s_prompt = new()
    {
        AddGenerationPrompt = true,
        Tokens = new([new("bos_token", "<s>"), new("eos_token", "</s>"), new("unk_token", "<unk>")]),
    };

    private static readonly ChatMessage[] s_messages = [new("system", "S"), new("user", "U"), new("assistant", "A"), new("user", "V")];

    [Fact]
    public void Built_in_templates_write_what_transformers_writes()
    {
        foreach (var test in TemplateReferences.Read("chat.json").EnumerateArray())
        {
            string name = test.GetProperty("template").GetString()!, about = $"{name}, {test.GetProperty("name").GetString()}";
            var messages = test.GetProperty("messages").EnumerateArray().Select(m => new ChatMessage(m.GetProperty("role").GetString()!, m.GetProperty("content").GetString()!)).ToList();
            var options = s_prompt with { AddGenerationPrompt = test.GetProperty("add_generation_prompt").GetBoolean() };
            if (test.TryGetProperty("error", out _))
            {
                Assert.Throws<TemplateException>(() => ChatTemplates.Get(name).Render(messages, options));
                continue;
            }
            var chat = ChatTemplates.Get(name).Render(messages, options);
            Assert.True(test.GetProperty("text").GetString() == chat.Text, $"{about}: {chat.Text}");
            Assert.Equal(TemplateReferences.Texts(test.GetProperty("generated")), chat.Generated.Select(r => chat.Text[r]));
        }
    }

    // The formats as their makers document them, written out: templates and interpreter could be wrong together.
    [Theory]
    [InlineData("chatml", "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nV<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("qwen", "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\nA<|im_end|>\n<|im_start|>user\nV<|im_end|>\n<|im_start|>assistant\n")]
    [InlineData("llama2", "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nU [/INST] A </s><s>[INST] V [/INST]")]
    [InlineData("llama3", "<s><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nU<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\nA<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nV<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n")]
    [InlineData("mistral", "<s>[INST] U[/INST] A</s>[INST] S\n\nV[/INST]")]
    [InlineData("phi3", "<|system|>\nS<|end|>\n<|user|>\nU<|end|>\n<|assistant|>\nA<|end|>\n<|user|>\nV<|end|>\n<|assistant|>\n")]
    [InlineData("plain", "S\nQuestion: U\nAnswer:\nA</s>Question: V\nAnswer:\n")]
    public void Formats_are_the_documented_ones(string name, string text) => Assert.Equal(text, ChatTemplates.Get(name).Render(s_messages, s_prompt).Text);

    [Fact]
    public void Gemma_has_turns_of_user_and_model()
    {
        Assert.Equal("<s><start_of_turn>user\nU<end_of_turn>\n<start_of_turn>model\nA<end_of_turn>\n<start_of_turn>user\nV<end_of_turn>\n<start_of_turn>model\n",
            ChatTemplates.Get("gemma").Render(s_messages[1..], s_prompt).Text);
        var error = Assert.Throws<TemplateException>(() => ChatTemplates.Get("gemma").Render(s_messages, s_prompt));
        Assert.Contains("no system message", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, error.Line);
    }

    [Fact]
    public void Every_built_in_template_is_there_and_marks_the_assistant() =>
        Assert.All(ChatTemplates.Names, name => Assert.True(ChatTemplates.Get(name).MarksGeneration));

    [Fact]
    public void The_date_is_told_only_where_it_is_given()
    {
        var template = ChatTemplate.Parse("{{ strftime_now('%d %b %Y, %-d %H:%M %A') }}", "dated");
        Assert.Equal("05 Mar 2026, 5 07:08 Thursday", template.Render([], new ChatOptions { Today = new DateTime(2026, 3, 5, 7, 8, 9) }).Text);
        Assert.Contains("dated, line 1, column", Assert.Throws<TemplateException>(() => template.Render([])).Message, StringComparison.Ordinal);
    }
}
