using System.Text.Json;

namespace Sinter.Cli.Tests;

/// <summary>Chats from their file to an answer: what the model sees of them, training, talking.</summary>
public sealed class ChatTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public ChatTests()
    {
        File.WriteAllLines(_workspace["chats.jsonl"], Enumerable.Range(0, 60).Select(i => $$"""{"prompt":"Say {{i % 3}}","completion":"A word."}"""));
        File.WriteAllText(_workspace["chats.yaml"], """
            schema_version: 1
            task: { name: instruct, chat_template: chatml }
            data: { text: chats.jsonl, tokenizer: { kind: bytes }, sequences: packed }
            model: { architecture: llama, num_layers: 1, num_heads: 2, hidden_size: 32, context_length: 160 }
            training: { max_steps: 100, batch_size: 4, eval_every: 100, save_every: 100, threads: 2, optimizer: { name: adamw, learning_rate: 0.02 } }
            sample: { max_new_tokens: 0 }
            """);
    }

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void What_is_learned_is_shown_between_signs_or_in_json()
    {
        string shown = _workspace.Run("data", "show", "chats.yaml", "--count", "2").Expect(0).Output;
        Assert.Contains("<|im_start|>user⏎", shown, StringComparison.Ordinal);
        Assert.Contains("⟦A word.", shown, StringComparison.Ordinal);
        Assert.Contains("<|im_end|>⟧", shown, StringComparison.Ordinal);
        Assert.Contains("2 texts in the row", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", shown, StringComparison.Ordinal);
        var json = _workspace.Run("data", "show", "chats.yaml", "--count", "1", "--part", "validation", "--json").Expect(0).Json();
        var row = json.GetProperty("rows")[0];
        Assert.Equal(row.GetProperty("width").GetInt32(), row.GetProperty("tokens").GetArrayLength());
        Assert.Equal(row.GetProperty("targets").GetInt32(), row.GetProperty("target_tokens").EnumerateArray().Count(t => t.GetInt32() != -100));
        Assert.StartsWith("<|im_start|>user\nSay ", row.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_and_documents_of_text_are_shown_too()
    {
        foreach (string form in (string[])["windows", "documents", "packed"])
        {
            File.WriteAllText(_workspace["second.txt"], "Another document.\n");
            string shown = _workspace.Run("data", "show", "recipe.yaml", "--count", "40", "--set", "data.text=[second.txt, text.txt]", "--set", $"data.sequences={form}").Expect(0).Output;
            Assert.Contains("⟦", shown, StringComparison.Ordinal);
            Assert.Contains("quick", shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_trained_model_is_talked_to_over_standard_input()
    {
        _workspace.Run("train", "chats.yaml", "--run", "run").Expect(0);
        using var process = Cli.Start(_workspace.Folder, "chat", "run", "--temperature", "0", "--max-new-tokens", "20");
        process.StandardInput.Write("/help\nSay 1\n/save saved.jsonl\n/reset\n/nonsense\n/system Be kind\nSay 2\n/save saved.jsonl\n");
        process.StandardInput.Close();
        var result = Cli.Wait(process).Expect(0);
        string[] answers = result.Output.TrimEnd().Split('\n');
        Assert.True(answers.Length >= 2, result.Output);
        Assert.Equal("A word.", answers[0]);
        Assert.DoesNotContain("<|im_end|>", result.Output, StringComparison.Ordinal);
        Assert.Contains("'/nonsense' is no command", result.Error, StringComparison.Ordinal);
        var saved = File.ReadAllLines(_workspace["saved.jsonl"]).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("messages")).ToList();
        Assert.Equal(["user", "assistant"], saved[0].EnumerateArray().Select(m => m.GetProperty("role").GetString()));
        Assert.Equal(["system", "user", "assistant"], saved[1].EnumerateArray().Select(m => m.GetProperty("role").GetString()));
        Assert.Equal("Be kind", saved[1][0].GetProperty("content").GetString());
        // What was saved can be learned from.
        _workspace.Run("data", "show", "chats.yaml", "--set", "data.text=saved.jsonl").Expect(0);
    }

    [Fact]
    public void A_model_without_a_template_asks_for_one()
    {
        _workspace.Run("train", "recipe.yaml", "--run", "run").Expect(0);
        Assert.Contains("chatml", _workspace.Run("chat", "run").Expect(1).Error, StringComparison.Ordinal);
        using var process = Cli.Start(_workspace.Folder, "chat", "run", "--template", "nonsense");
        process.StandardInput.Close();
        Assert.Contains("'nonsense' is neither a chat template's file nor a built-in one", Cli.Wait(process).Expect(1).Error, StringComparison.Ordinal);
    }
}
