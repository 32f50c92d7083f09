using Sinter.Data;
using Sinter.Data.Chats;
using Sinter.Tasks;
using Sinter.Text;
using Sinter.Text.Chat;

namespace Sinter.Tests.Tasks;

/// <summary>Which tokens of a chat are learned: the assistant's, to the token.</summary>
public sealed class ChatMaskTests
{
    private const string Unmarked = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</{{ m.role }}>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";

    private static readonly ChatOptions s_options = new() { Tokens = new([new("bos_token", "<s>"), new("eos_token", "</s>")]) };

    [Theory]
    [InlineData("chatml", "first<|im_end|>|second<|im_end|>")]
    [InlineData("qwen", "first<|im_end|>|second<|im_end|>")]
    [InlineData("llama2", "first </s>|second </s>")]
    [InlineData("llama3", "first<|eot_id|>|second<|eot_id|>")]
    [InlineData("mistral", "first</s>|second</s>")]
    [InlineData("gemma", "first<end_of_turn>|second<end_of_turn>")]
    [InlineData("phi3", "first<|end|>|second<|end|>")]
    [InlineData("plain", "first</s>|second</s>")]
    public void The_assistants_turns_are_learned_and_nothing_else(string template, string learned) => Assert.Equal(learned, Learned(ChatTemplates.Get(template)));

    [Fact]
    public void Without_marks_what_a_turn_adds_is_learned() => Assert.Equal("first</assistant>|second</assistant>", Learned(ChatTemplate.Parse(Unmarked)));

    [Fact]
    public void A_token_that_ends_the_whole_text_alone_belongs_to_the_last_turn() =>
        Assert.Equal("first</assistant>|second</assistant></s>", Learned(ChatTemplate.Parse(Unmarked.Replace("{% endif %}", "{% else %}{{ eos_token }}{% endif %}", StringComparison.Ordinal))));

    [Fact]
    public void Templates_that_write_earlier_turns_otherwise_are_refused_with_the_place()
    {
        var template = ChatTemplate.Parse("{{ messages | length }}" + Unmarked);
        var error = Assert.Throws<DataException>(() => Encode(template, Chat()));
        Assert.StartsWith("chats.jsonl:3: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("generation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_template_refuses_is_named_with_its_line()
    {
        var error = Assert.Throws<DataException>(() => Encode(ChatTemplates.Get("gemma"), ChatLine.Read("""{"messages":[{"role":"assistant","content":"x"}]}"""u8.ToArray(), s_columns, "c.jsonl:9")));
        Assert.StartsWith("c.jsonl:9: the built-in chat template gemma, line ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_chats_are_cut_or_left_out_and_empty_ones_reported()
    {
        ChatExample chat = Chat(), silent = new([.. Chat().Messages.Take(1)], null, "chats.jsonl:4");
        foreach (bool truncates in (bool[])[true, false])
        {
            ChatEncoder encoder = new(ByteTokenizer.Instance, new(ChatTemplates.Get("chatml"), s_options), 70, truncates);
            var encoded = encoder.Encode([chat, silent], TestContext.Current.CancellationToken);
            Assert.Equal((truncates ? 1 : 0, truncates ? 0 : 1, 1), (encoder.Cut, encoder.Dropped, encoder.Empty));
            Assert.Equal(truncates ? 1 : 0, encoded.Count);
            if (truncates) Assert.Equal((70, "first<|im_end|>"), (encoded.LengthOf(0), LearnedOf(encoded, 0)));
            Assert.Contains(encoder.Report(), line => line.Contains("chats.jsonl:4", StringComparison.Ordinal));
            Assert.Contains(encoder.Report(), line => line.Contains("chats.jsonl:3", StringComparison.Ordinal) && line.Contains("70", StringComparison.Ordinal));
        }
    }

    // The answer is where what can be learned begins: cut before it, there is nothing.
    [Fact]
    public void A_chat_cut_before_its_answer_is_left_out()
    {
        ChatEncoder encoder = new(ByteTokenizer.Instance, new(ChatTemplates.Get("chatml"), s_options), 20, truncates: true);
        Assert.Equal(0, encoder.Encode([Chat()], TestContext.Current.CancellationToken).Count);
        Assert.Equal((0, 1), (encoder.Cut, encoder.Empty));
    }

    [Fact]
    public void Letters_of_several_bytes_have_their_places()
    {
        var chat = ChatLine.Read("""{"prompt":"Grüße 😀","completion":"你好 😀é"}"""u8.ToArray(), s_columns, "c:1");
        Assert.Equal("你好 😀é<|im_end|>", LearnedOf(Encode(ChatTemplates.Get("chatml"), chat), 0));
    }

    private static readonly ChatColumns s_columns = new("messages", "prompt", "completion");

    private static ChatExample Chat() => ChatLine.Read("""
        {"messages":[{"role":"user","content":"one"},{"role":"assistant","content":"first"},{"role":"user","content":"two"},{"role":"assistant","content":"second"}]}
        """u8.ToArray(), s_columns, "chats.jsonl:3");

    private static string Learned(ChatTemplate template) => LearnedOf(Encode(template, Chat()), 0);

    private static EncodedChats Encode(ChatTemplate template, ChatExample chat) =>
        new ChatEncoder(ByteTokenizer.Instance, new(template, s_options), 400, truncates: true).Encode([chat], TestContext.Current.CancellationToken);

    /// <summary>The text of the targets, the turns with a line between them.</summary>
    private static string LearnedOf(EncodedChats chats, long chat)
    {
        int[] inputs = new int[chats.LengthOf(chat)], targets = new int[inputs.Length];
        Assert.Equal(chats.TargetsOf(chat), chats.Fill(chat, inputs, targets));
        List<int> learned = [];
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] == ISequences.IgnoredTarget) continue;
            if (learned.Count > 0 && targets[i - 1] == ISequences.IgnoredTarget) learned.Add('|');
            if (i + 1 < inputs.Length) Assert.Equal(inputs[i + 1], targets[i]);
            learned.Add(targets[i]);
        }
        return ByteTokenizer.Instance.Decode([.. learned]);
    }
}
