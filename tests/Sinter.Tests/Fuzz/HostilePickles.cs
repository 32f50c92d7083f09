using System.Text;

namespace Sinter.Tests.Fuzz;

/// <summary>Instructions that would do harm in a reader that executes pickles, or fill its memory.</summary>
internal static class HostilePickles
{
    private static readonly string[] s_fragments =
    [
        "cos\nsystem\n(X\u000d\0\0\0touch canary1tR", "cposix\nsystem\n(X\u000d\0\0\0touch canary2tR", "cbuiltins\nexec\n(X\u0018\0\0\0open('canary3','w').write(1)tR",
        "csubprocess\nPopen\n((X\u0005\0\0\0touchX\u0007\0\0\0canary4ltR", "(ios\nsystem\nX\u000d\0\0\0touch canary5", "csocket\ncreate_connection\n((X\u0009\0\0\0127.0.0.1K\u0050ttR",
        "cbuiltins\nopen\n(X\u0007\0\0\0canary6X\u0001\0\0\0wtR", "cshutil\nrmtree\n(X\u0001\0\0\0.tR", "ctorch.hub\nload\n", "c__main__\nX\n", "cnumpy.core.multiarray\n_reconstruct\n",
        "cbuiltins\ngetattr\n", "cfunctools\npartial\n", "coperator\nattrgetter\n", "X\u0002\0\0\0osX\u0006\0\0\0system\u0093",
        "ccollections\nOrderedDict\n)R", "}q\u0000h\u0000h\u0000s", "]q\u0001h\u0001a", "(h\u0000h\u0000h\u0000h\u0000t", "\u008a\u00ff", "X\u00ff\u00ff\u00ff\u007f", "B\u00ff\u00ff\u00ff\u00ff",
        "\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f", "r\u00ff\u00ff\u00ff\u007f",
        "((((((((", "2222222222", "00000000", "1111", ".", "\u0082\u0001", "Q", "b", "R", "\u0081", "u", "e", "t",
    ];

    /// <summary>Some of them, one behind the other.</summary>
    public static byte[] Fragment(Random random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(1, 4); i > 0; i--) text.Append(s_fragments[random.Next(s_fragments.Length)]);
        return Encoding.Latin1.GetBytes(text.ToString());
    }
}
