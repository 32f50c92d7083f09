namespace Sinter.Data.Sdk;

/// <summary>A stretch of documentation under its heading: a type or one of its members.</summary>
/// <param name="Topic">What the document is about, which decides its part: the full name of the type.</param>
/// <param name="Heading">The heading.</param>
/// <param name="Paragraphs">The paragraphs, none of them empty.</param>
internal readonly record struct SdkSection(string Topic, string Heading, IReadOnlyList<string> Paragraphs);

/// <summary>All that is said about a topic.</summary>
internal readonly record struct SdkDocument(string Topic, string Text);
