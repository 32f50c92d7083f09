using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sinter.Cli.Shell;
using Sinter.Generation;
using Sinter.Monitoring;
using Sinter.Text.Chat;

namespace Sinter.Cli.Chat;

/// <summary>A chat in the terminal: lines in, answers out, and commands that begin with a slash.</summary>
/// <param name="answerer">Who answers.</param>
/// <param name="signal">Stops an answer.</param>
/// <param name="input">Where lines come from.</param>
/// <param name="output">Where answers go.</param>
/// <param name="isInteractive">Whether somebody types the lines.</param>
internal sealed class ChatSession(Answerer answerer, AnswerSignal signal, TextReader input, TextWriter output, bool isInteractive)
{
    private const string Help = "/reset forgets the chat, /system TEXT sets the tone (without TEXT nothing does), /save FILE adds the chat to a .jsonl file, /exit or the end of input leaves.";

    private readonly List<ChatMessage> _messages = [];

    /// <summary>The message that sets the tone, if any.</summary>
    public string? System { get; set; }

    /// <summary>Goes on to the end of the input, or to <c>/exit</c>.</summary>
    public void Run()
    {
        if (isInteractive) Messages.Line(Help);
        while (ReadLine() is { } line)
        {
            if (line.Length == 0) continue;
            if (line is "/exit" or "/quit") return;
            if (line[0] == '/') Command(line);
            else Ask(line);
        }
    }

    private string? ReadLine()
    {
        if (isInteractive) Console.Error.Write("> ");
        return input.ReadLine()?.Trim();
    }

    private void Command(string line)
    {
        int space = line.IndexOf(' ', StringComparison.Ordinal);
        string name = space < 0 ? line : line[..space], rest = space < 0 ? "" : line[space..].Trim();
        switch (name)
        {
            case "/help": Messages.Line(Help); break;
            case "/reset": _messages.Clear(); break;
            case "/system": System = rest.Length == 0 ? null : rest; break;
            case "/save": Save(rest); break;
            default: Messages.Line($"'{name}' is no command. {Help}"); break;
        }
    }

    private List<ChatMessage> All => System is null ? [.. _messages] : [new(ChatMessage.System, System), .. _messages];

    private void Ask(string question)
    {
        _messages.Add(new(ChatMessage.User, question));
        StringBuilder answer = new();
        var stop = signal.Begin();
        try
        {
            foreach (string piece in answerer.Answer(All, stop.Token))
            {
                answer.Append(piece);
                output.Write(isInteractive ? PrintableText.Of(piece) : piece);
                output.Flush();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            output.Write(" …");
        }
        catch (SinterException e)
        {
            Messages.Error(e.Message);
            if (!isInteractive) throw;
            _messages.RemoveAt(_messages.Count - 1);
            return;
        }
        finally
        {
            signal.End();
        }
        output.WriteLine();
        _messages.Add(new(ChatMessage.Assistant, answer.ToString()));
    }

    // A line of the file is a chat that the task instruct takes.
    private void Save(string path)
    {
        if (path.Length == 0)
        {
            Messages.Line("/save needs a file: /save chats.jsonl");
            return;
        }
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) Write(json);
        try
        {
            File.AppendAllText(path, Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length) + "\n");
            Messages.Line($"{path}: a chat of {All.Count} messages more");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Messages.Error($"{path}: the chat can't be written: {e.Message}");
        }
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("messages");
        foreach (var message in All)
        {
            json.WriteStartObject();
            json.WriteString("role", message.Role);
            json.WriteString("content", message.Content);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
