using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Sinter.Monitoring.Reports;

/// <summary>Builds a page. What is interpolated is escaped; only <see cref="Raw"/> and the literal parts are not.</summary>
internal sealed class Html
{
    private readonly StringBuilder _page = new();

    /// <summary>Appends markup whose holes are escaped text.</summary>
    public Html Add([InterpolatedStringHandlerArgument("")] ref Markup markup) => this;

    /// <summary>Appends markup as it is.</summary>
    public Html Raw(string markup)
    {
        _page.Append(markup);
        return this;
    }

    /// <summary>The page.</summary>
    public override string ToString() => _page.ToString();

    /// <summary>Escapes the holes of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Markup
    {
        private readonly StringBuilder _page;

        public Markup(int literalLength, int formattedCount, Html html)
        {
            _page = html._page;
            _page.EnsureCapacity(_page.Length + literalLength + 16 * formattedCount);
        }

        public void AppendLiteral(string literal) => _page.Append(literal);

        public void AppendFormatted(string? text) => _page.Append(WebUtility.HtmlEncode(PrintableText.Of(text ?? "")));

        public void AppendFormatted(long number) => _page.Append(CultureInfo.InvariantCulture, $"{number}");

        public void AppendFormatted(double number, string format) => _page.Append(number.ToString(format, CultureInfo.InvariantCulture));
    }
}
