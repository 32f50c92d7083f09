using System.Text;
using System.Xml;

namespace Sinter.Data.Sdk;

/// <summary>What is read of a member's documentation.</summary>
internal enum XmlDocParts
{
    /// <summary>Summary, remarks, parameters, result, exceptions.</summary>
    All,
    /// <summary>The summary.</summary>
    Summary,
}

/// <summary>Renders the documentation file of an assembly as text: summary, remarks, parameters, result, exceptions.</summary>
internal sealed class XmlDocReader(XmlDocParts parts)
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true,
        IgnoreProcessingInstructions = true };
    private readonly StringBuilder _text = new();

    /// <summary>The members that have something to say, in the order of the file.</summary>
    /// <exception cref="XmlException">The file is no XML.</exception>
    public static List<SdkSection> Read(byte[] xml, XmlDocParts parts = XmlDocParts.All)
    {
        List<SdkSection> sections = [];
        XmlDocReader self = new(parts);
        using XmlReader reader = XmlReader.Create(new MemoryStream(xml), Settings);
        while (reader.ReadToFollowing("member"))
            if (reader.GetAttribute("name") is { Length: > 2 } name && !reader.IsEmptyElement) self.ReadMember(name, reader, sections);
        return sections;
    }

    private void ReadMember(string name, XmlReader reader, List<SdkSection> sections)
    {
        List<string> paragraphs = [];
        int depth = reader.Depth;
        reader.Read();
        while (!reader.EOF && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element) ReadPart(reader, paragraphs);
            else reader.Read();
        }
        if (paragraphs.Count > 0) sections.Add(new(MemberName.Topic(name), name.StartsWith("T:", StringComparison.Ordinal) ? MemberName.Topic(name)
            : MemberName.Short(name), paragraphs));
    }

    private void ReadPart(XmlReader reader, List<string> paragraphs)
    {
        string? label = reader.LocalName switch
        {
            not "summary" when parts == XmlDocParts.Summary => null,
            "summary" or "remarks" or "value" => "",
            "param" or "typeparam" => reader.GetAttribute("name") + ": ",
            "returns" => "Returns: ",
            "exception" => MemberName.Short(reader.GetAttribute("cref") ?? "", parameters: false) + ": ",
            _ => null,
        };
        if (label is null || reader.IsEmptyElement)
        {
            reader.Skip();
            return;
        }
        _text.Clear();
        RenderChildren(reader);
        foreach (string paragraph in _text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            paragraphs.Add(label + paragraph);
            label = "";
        }
    }

    /// <summary>Renders what is inside the current element and leaves the reader after its end.</summary>
    private void RenderChildren(XmlReader reader)
    {
        if (reader.IsEmptyElement)
        {
            reader.Read();
            return;
        }
        int depth = reader.Depth;
        reader.Read();
        while (!reader.EOF && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element) RenderElement(reader);
            else
            {
                if (reader.HasValue) AppendWords(reader.Value);
                reader.Read();
            }
        }
        reader.Read();
    }

    private void RenderElement(XmlReader reader)
    {
        string name = reader.LocalName;
        if (name is "para" or "p" or "item" or "listheader" or "list" or "ul" or "li" or "div" or "br") Break();
        if (name is "example" or "script" or "devremarks" or "forInternalUseOnly") reader.Skip();
        else if (name is "see" or "seealso" or "paramref" or "typeparamref" or "xref") RenderReference(reader);
        else if (name == "code") RenderCode(reader);
        else RenderChildren(reader);
        if (name == "term") AppendWords(": ");
        if (name is "para" or "p" or "item" or "list" or "ul" or "li" or "div") Break();
    }

    private void RenderReference(XmlReader reader)
    {
        string reference = reader.GetAttribute("cref") is { } cref ? MemberName.Short(cref, parameters: false)
            : reader.GetAttribute("uid") is { } uid ? MemberName.Short("T:" + uid, parameters: false)
            : reader.GetAttribute("langword") ?? reader.GetAttribute("name") ?? reader.GetAttribute("href") ?? "";
        int before = _text.Length;
        RenderChildren(reader);
        if (_text.Length == before) AppendWords(reference);
    }

    /// <summary>A word of code in a sentence stays; a listing is left out.</summary>
    private void RenderCode(XmlReader reader)
    {
        string code = InnerText(reader).Trim();
        if (!code.Contains('\n')) AppendWords(code);
    }

    /// <summary>All text inside the current element, which may have others in it; leaves the reader after its end.</summary>
    private static string InnerText(XmlReader reader)
    {
        StringBuilder text = new();
        int depth = reader.Depth;
        bool empty = reader.IsEmptyElement;
        while (reader.Read() && !empty && reader.Depth > depth)
            if (reader.HasValue) text.Append(reader.Value);
        if (!empty) reader.Read();
        return text.ToString();
    }

    /// <summary>Appends text with each run of whitespace as one space.</summary>
    private void AppendWords(ReadOnlySpan<char> text)
    {
        foreach (char c in text)
        {
            if (!char.IsWhiteSpace(c)) _text.Append(c);
            else if (_text.Length > 0 && _text[^1] is not (' ' or '\n')) _text.Append(' ');
        }
    }

    private void Break()
    {
        if (_text.Length > 0 && _text[^1] != '\n') _text.Append('\n');
    }
}
