using Sinter.Data.Sdk;

namespace Sinter.Data.Chats;

/// <summary>Reads the chats that <see cref="DataOptions.Text"/> names, and splits them.</summary>
internal static class ChatSources
{
    private const string Text = "data.text", Validation = "data.validation";

    /// <summary>The chats of each part, in the order of files and lines.</summary>
    /// <exception cref="DataException">A path leads nowhere, or a line is no chat.</exception>
    public static (List<ChatExample> Train, List<ChatExample> Validation) Read(DataOptions data, ChatColumns columns, string baseFolder, Action<string> warn,
        CancellationToken cancellation)
    {
        if (data.Text.Count == 0) throw new DataException("data.text: nothing is named; give .jsonl files with chats");
        var all = Read(Text, data.Text, columns, baseFolder, warn, cancellation);
        if (data.Validation.Count > 0) return (all, Read(Validation, data.Validation, columns, baseFolder, warn, cancellation));
        if (all.Count < 2)
            throw new DataException($"{Text}: {string.Join(", ", data.Text)}: {all.Count} chats are too few to train and to validate with; give more, or files for {Validation}");
        return Split(all, data.ValidationFraction);
    }

    private static List<ChatExample> Read(string key, IReadOnlyList<string> text, ChatColumns columns, string baseFolder, Action<string> warn, CancellationToken cancellation)
    {
        DataFiles finder = new(key, [".jsonl"], key == Text ? [BuiltInSources.SdkDocsQuestions] : []);
        List<string> files = [];
        List<ChatExample> chats = [];
        foreach (string item in text)
            if (key == Text && item == BuiltInSources.SdkDocsQuestions) chats.AddRange(SdkQuestions.Read(warn));
            else finder.Add(item, baseFolder, files);
        foreach (string file in files.Distinct(StringComparer.Ordinal))
            foreach (var line in JsonLinesFile.Lines(file, cancellation)) chats.Add(ChatLine.Read(line.Text, columns, $"{file}:{line.Number}"));
        return chats.Count > 0 ? chats : throw new DataException($"{key}: {string.Join(", ", text)}: there is no chat in it");
    }

    /// <summary>What is held out does not depend on the run's seed: two runs are judged by the same chats.</summary>
    private static (List<ChatExample>, List<ChatExample>) Split(List<ChatExample> all, double fraction)
    {
        SeededPermutation order = new(all.Count, 0, 0);
        long held = Math.Clamp((long)(all.Count * fraction), 1, all.Count - 1);
        List<ChatExample> train = [], validation = [];
        for (int i = 0; i < all.Count; i++)
        {
            bool isHeld = all[i].Topic is { } topic ? SdkDocsSource.PartOf(topic, fraction) == DataPart.Validation : order[i] < held;
            (isHeld ? validation : train).Add(all[i]);
        }
        return (train, validation);
    }
}
