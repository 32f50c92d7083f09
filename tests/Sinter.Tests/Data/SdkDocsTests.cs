using System.Resources;
using Sinter.Data;
using Sinter.Data.Sdk;

namespace Sinter.Tests.Data;

public sealed class SdkDocsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Documentation_becomes_text()
    {
        const string members = """
            <member name="T:N.Thing`1"><summary>
                A  thing of <typeparamref name="T" />,
                like <see cref="T:System.Collections.Generic.List`1"/>.<para>Second paragraph.</para></summary>
              <remarks>See <see href="https://x">the page</see> or <see langword="null"/>. <code>a
            listing</code><code>wo<b>rd</b></code><code/></remarks><example>No example.</example></member>
            <member name="M:N.Thing`1.Do``1(System.Collections.Generic.IEnumerable{``0},System.Int32[],System.String@)">
              <summary>Does it.</summary><param name="items">The items &amp; more.</param><returns>How <paramref name="items"/> went.</returns>
              <exception cref="T:System.ArgumentNullException"><paramref name="items"/> is <see langword="null"/>.</exception></member>
            <member name="M:N.Thing`1.#ctor"><summary>Makes it.</summary></member>
            <member name="M:N.Thing`1.System#IDisposable#Dispose"><summary>Ends it; see <see cref="M:System.IDisposable.Dispose"/>.</summary></member>
            <member name="P:N.Thing`1.Empty"><summary></summary></member>
            <member name="P:N.Thing`1.Inherited"><inheritdoc /></member>
            <member name="P:N.Thing`1.Value"><value>The <list type="bullet"><item><term>one</term><description>first</description></item></list></value></member>
            """;
        Write("A.Ref/1.0.0/ref/a", members);
        Assert.Equal("""
            N.Thing`1
            A thing of T, like List.
            Second paragraph.
            See the page or null. word

            Thing.Do(IEnumerable<T>, Int32[], String)
            Does it.
            items: The items & more.
            Returns: How items went.
            ArgumentNullException: items is null.

            Thing constructor
            Makes it.

            Thing.Dispose
            Ends it; see IDisposable.Dispose.

            Thing.Value
            The
            one: first

            """.ReplaceLineEndings("\n"), Text(1));
    }

    [Fact]
    public void Of_versions_the_newest_of_files_the_first_of_paragraphs_the_first_is_taken()
    {
        Write("A.Ref/9.0.11/ref/a", "<member name='T:N.Old'><summary>Old.</summary></member>");
        Write("A.Ref/10.0.2-preview.1/ref/a", "<member name='T:N.Preview'><summary>Preview.</summary></member>");
        Write("A.Ref/10.0.2/ref/a", "<member name='T:N.B'><summary>Said.</summary></member>");
        Write("A.Ref/10.0.2/ref/copy", "<member name='T:N.B'><summary>Said.</summary></member>");
        Write("B.Ref/1.0.0/ref/b",
            "<member name='T:N.A'><summary>Said.</summary></member><member name='P:N.A.X'><summary>New.</summary></member>"
            + "<member name='T:N.C'><summary>Said.</summary></member>");
        Write("C.Host/1.0.0/ref/c", "<member name='T:N.H'><summary>Host.</summary></member>");
        _folder.File("packs/A.Ref/10.0.2/data/List.xml", "<FileList />");
        Assert.Equal("N.A\nSaid.\n\nA.X\nNew.\n", Text(1));
    }

    [Fact]
    public void The_part_is_a_function_of_the_types_name()
    {
        Write("A.Ref/1.0.0/ref/a", string.Concat(Enumerable.Range(0, 2000).Select(i =>
            $"<member name='T:N.T{i}'><summary>About {i}.</summary></member><member name='P:N.T{i}.P'><summary>Of {i}.</summary></member>")));
        SdkDocsSource source = SdkDocsSource.Open(_folder.Path, 0.1, _warnings.Add);
        string[] train = Documents(source, DataPart.Train), validation = Documents(source, DataPart.Validation);
        Assert.Equal(2000, train.Length + validation.Length);
        Assert.InRange(validation.Length, 200 - 60, 200 + 60);
        Assert.All(validation, text => Assert.Equal(DataPart.Validation, SdkDocsSource.PartOf(text[..text.IndexOf('\n')], 0.1)));
        Assert.All(train, text => Assert.Contains("\nOf ", text));
    }

    [Fact]
    public void A_file_that_is_no_XML_is_left_out_with_a_warning()
    {
        Write("A.Ref/1.0.0/ref/a", "<member name='T:N.A'><summary>Said.</summary></member>");
        Write("A.Ref/1.0.0/ref/b", "<member name='T:N.B'><summary>Cut");
        Assert.Equal("N.A\nSaid.\n", Text(1));
        Assert.Contains("b.xml is left out", Assert.Single(_warnings));
    }

    [Fact]
    public void Without_documentation_the_tools_messages_take_its_place()
    {
        if (SdkLocator.Find() is not { } root || SdkVersion.Newest(Path.Combine(root, "sdk")) is not { } sdk)
        {
            Assert.Skip("no .NET SDK is installed");
            return;
        }
        string copy = Path.Combine(_folder.Path, "sdk", "1.0.0");
        Directory.CreateDirectory(copy);
        File.Copy(Path.Combine(sdk, "dotnet.dll"), Path.Combine(copy, "dotnet.dll"));
        _folder.File("sdk/1.0.0/broken.dll", "MZ no assembly");
        string text = Text(1);
        Assert.Contains("no API documentation", Assert.Single(_warnings));
        Assert.True(text.Length > 10_000, $"{text.Length} characters");
        Assert.Contains("\n", text);
    }

    [Fact]
    public void Neither_documentation_nor_messages_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "packs"));
        Assert.Contains("neither API documentation nor messages", Assert.Throws<DataException>(() => Text(1)).Message);
    }

    [Fact]
    public void The_installed_SDK_gives_millions_of_characters()
    {
        if (SdkLocator.Find() is not { } root || SdkXmlFiles.Find(root, _ => { }).Paths.Count == 0)
        {
            Assert.Skip("no .NET SDK with documentation is installed");
            return;
        }
        SdkDocsSource source = SdkDocsSource.Open(root, 0.1, _warnings.Add);
        string[] train = Documents(source, DataPart.Train), validation = Documents(source, DataPart.Validation);
        Assert.Contains(train.Concat(validation), t =>
            t.StartsWith("System.Text.StringBuilder\nRepresents a mutable string of characters.", StringComparison.Ordinal));
        double characters = train.Sum(t => (double)t.Length), validated = validation.Sum(t => (double)t.Length);
        Assert.True(characters > 3e6);
        Assert.InRange(validated / (characters + validated), 0.05, 0.15);
        Assert.Equal(train, Documents(SdkDocsSource.Open(root, 0.1, _warnings.Add), DataPart.Train));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Resources_give_their_texts_and_damaged_ones_an_error()
    {
        using MemoryStream stream = new();
        using (ResourceWriter writer = new(stream))
        {
            writer.AddResource("b", "second text");
            writer.AddResource("a", "first text");
            writer.AddResource("n", 5);
            writer.Generate();
            Assert.Equal(["first text", "second text"], ResourceStrings.Read(stream.ToArray()));
            Assert.Throws<InvalidDataException>(() => ResourceStrings.Read(stream.ToArray()[..40]));
            Assert.Throws<InvalidDataException>(() => ResourceStrings.Read([1, 2, 3]));
        }
    }

    [Theory]
    [InlineData("9.0.11", "10.0.2")]
    [InlineData("10.0.2", "10.0.11")]
    [InlineData("10.0.0-rc.2", "10.0.0")]
    [InlineData("10.0.0-preview.9", "10.0.0-preview.10")]
    [InlineData("10.0", "10.0.1")]
    public void Versions_are_ordered(string older, string newer)
    {
        SdkVersion order = new();
        Assert.True(order.Compare(older, newer) < 0);
        Assert.True(order.Compare(newer, older) > 0);
        Assert.Equal(0, order.Compare(newer, newer));
    }

    private void Write(string file, string members)
    {
        _folder.File($"packs/{file}.xml", $"<?xml version=\"1.0\"?><doc><assembly><name>A</name></assembly><members>{members}</members></doc>");
        _folder.File($"packs/{file}.dll", "");
    }

    private string Text(double fraction) => string.Concat(Documents(SdkDocsSource.Open(_folder.Path, fraction, _warnings.Add), DataPart.Validation));

    private static string[] Documents(SdkDocsSource source, DataPart part) =>
        [.. source.Read(part, TestContext.Current.CancellationToken).Select(p => p.Text.ToString())];
}
