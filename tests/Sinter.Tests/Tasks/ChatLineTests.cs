using System.Text;
using Sinter.Data.Chats;
using Sinter.Text.Templates.Values;

namespace Sinter.Tests.Tasks;

public sealed class ChatLineTests
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b","extra":1}]}""")]
    [InlineData("""{"prompt":"a","completion":"b","other":null}""")]
    [InlineData("""{"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b"}]}""")]
    public void Both_forms_give_a_chat(string line)
    {
        var messages = Read(line).Messages.Cast<TemplateDict>();
        Assert.Equal([("user", "a"), ("assistant", "b")], messages.Select(m => ((string)m["role"]!, (string)m["content"]!)));
    }

    [Fact]
    public void Fields_have_the_names_that_the_recipe_gives() =>
        Assert.Equal(2, ChatLine.Read("""{"q":"a","a":"b"}"""u8.ToArray(), new("chat", "q", "a"), "f:1").Messages.Count);

    [Theory]
    [InlineData("""{"text":"x"}""", "neither 'messages' nor 'prompt' and 'completion'; it has text")]
    [InlineData("""{"messages":[]}""", "'messages' is no list of messages")]
    [InlineData("""{"messages":"x"}""", "'messages' is no list of messages")]
    [InlineData("""{"messages":[5]}""", "messages[0] is no message")]
    [InlineData("""{"messages":[{"content":"x"}]}""", "messages[0] has no 'role'")]
    [InlineData("""{"messages":[{"role":"user"}]}""", "messages[0] has no 'content'")]
    [InlineData("""{"prompt":5,"completion":"b"}""", "'prompt' is neither a text nor a list")]
    [InlineData("""{"prompt":"a"}""", "it has prompt")]
    [InlineData("""{"a":1,"a":2}""", "not a JSON object")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("nonsense", "not a JSON object")]
    [InlineData("""{"messages":[{"role":"user","content":"\ud800"}]}""", "not a JSON object")]
    public void What_is_no_chat_is_named_with_its_line(string line, string what)
    {
        var error = Assert.Throws<DataException>(() => Read(line));
        Assert.StartsWith("chats.jsonl:7: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    private static ChatExample Read(string line) => ChatLine.Read(Encoding.UTF8.GetBytes(line), new("messages", "prompt", "completion"), "chats.jsonl:7");
}
