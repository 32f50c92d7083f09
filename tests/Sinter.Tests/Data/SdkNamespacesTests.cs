using Sinter.Data.Examples;
using Sinter.Data.Sdk;

namespace Sinter.Tests.Data;

public sealed class SdkNamespacesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_summary_has_the_namespace_of_its_outermost_type()
    {
        Write("""
            <member name="T:A.B.Outer"><summary>The <c>outer</c> one.<para>More.</para></summary><remarks>No remark.</remarks></member>
            <member name="T:A.B.Outer.Inner"><summary>The inner one.</summary></member>
            <member name="M:A.B.Outer.Inner.Do(System.Int32)"><summary>Does it.</summary><param name="x">No parameter.</param></member>
            <member name="P:A.C.Thing`1.Value"><summary>The value.</summary></member>
            <member name="P:A.C.Thing`1.Again"><summary>The value.</summary></member>
            <member name="P:A.C.Thing`1.Silent"><remarks>Only a remark.</remarks></member>
            <member name="T:Bare"><summary>Without a namespace.</summary></member>
            """);
        Assert.Equal([
            ("The outer one.\nMore.", "A.B", "A.B.Outer"), ("The inner one.", "A.B", "A.B.Outer.Inner"), ("Does it.", "A.B", "A.B.Outer.Inner"),
            ("The value.", "A.C", "A.C.Thing`1"),
        ], Read(1).Select(e => (e.Text, e.Labels[0], e.Group)));
    }

    [Fact]
    public void Small_namespaces_are_left_out_and_types_stay_on_one_side()
    {
        Write(string.Concat(Enumerable.Range(0, 300).Select(i => $"<member name='P:N.T{i / 5}.P{i}'><summary>About {i}.</summary></member>"))
            + "<member name='T:M.T'><summary>Alone.</summary></member>");
        var examples = Read(200);
        Assert.Equal(300, examples.Count);
        var (train, validation) = StratifiedSplit.Split(examples, 0.1, 1);
        Assert.Equal(30, validation.Count);
        Assert.Empty(train.Select(e => e.Group).Intersect(validation.Select(e => e.Group)));
    }

    private void Write(string members)
    {
        _folder.File("packs/A.Ref/1.0.0/ref/a.xml", $"<doc><members>{members}</members></doc>");
        _folder.File("packs/A.Ref/1.0.0/ref/a.dll", "");
    }

    private List<Example> Read(int fewest) => SdkNamespaces.Read(_folder.Path, fewest, _ => { });
}
