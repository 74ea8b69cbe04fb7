using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using MerBench.Host.Text;

namespace MerBench.Reports.Html;

/// <summary>Text that is HTML. What stands in the holes of an interpolated string is encoded, unless it is <see cref="Markup"/>
/// itself.</summary>
public sealed class Markup
{
    private readonly string _text;

    private Markup(string text) => _text = text;

    public static Markup Empty { get; } = new("");

    public static Markup Format(MarkupText text) => new(text.ToString());

    /// <summary>Text that is HTML already.</summary>
    public static Markup Raw(string html) => new(html);

    public static Markup Join(IEnumerable<Markup> parts) => new(string.Concat(parts.Select(p => p._text)));

    public override string ToString() => _text;
}

/// <summary>Encodes the holes of an interpolated string for HTML; numbers are written in the invariant culture.</summary>
[InterpolatedStringHandler]
public readonly struct MarkupText
{
    private readonly StringBuilder _text;

    public MarkupText(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (16 * formattedCount));

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(Markup? markup) => _text.Append(markup);

    public void AppendFormatted(IEnumerable<Markup> parts) => _text.Append(Markup.Join(parts));

    public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(GuestText.EscapeLines(text ?? "")));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
