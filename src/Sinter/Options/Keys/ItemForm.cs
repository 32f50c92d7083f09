using System.Text.Json;

namespace Sinter.Options;

/// <summary>How one item of a list is read, checked, written and described; an item is an object with keys of its own.</summary>
internal abstract class ItemForm<TItem> where TItem : class
{
    /// <summary>What an item is, for messages.</summary>
    public abstract string Expected { get; }

    /// <summary>Reads a value, into <paramref name="current"/> where it says no other; null if that failed, which is reported.</summary>
    public abstract TItem? Bind(OptionNode node, TItem? current, string path, OptionReport report);

    /// <summary>Reports what is wrong with an item.</summary>
    public abstract void Check(TItem item, string path, OptionReport report);

    /// <summary>The item as it will be written.</summary>
    public abstract OptionNode ToNode(TItem item);

    /// <summary>Writes the members of an item's JSON schema into an open object.</summary>
    public abstract void WriteJson(Utf8JsonWriter json);

    /// <summary>Adds the item's keys to <paramref name="rows"/>.</summary>
    public abstract void Describe(string path, List<OptionDescription> rows);
}
