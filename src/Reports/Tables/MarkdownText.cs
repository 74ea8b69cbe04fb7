using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using MerBench.Host.Text;

namespace MerBench.Reports.Tables;

/// <summary>Plain text within Markdown: no HTML, no links, one line.</summary>
internal static partial class MarkdownText
{
    public static string Escape(string text) =>
        Entity()
            .Replace(GuestText.Escape(text), "&amp;")
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("](", "]\\(", StringComparison.Ordinal);

    /// <summary>Appends Markdown; what stands in its holes is escaped.</summary>
    public static StringBuilder AppendMarkdown(this StringBuilder text, MarkdownPieces pieces) => text.Append(pieces.ToString());

    [GeneratedRegex("&(?=#?[0-9A-Za-z]+;)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entity();
}

/// <summary>Escapes the holes of an interpolated string for Markdown; numbers are written in the invariant culture.</summary>
[InterpolatedStringHandler]
internal readonly struct MarkdownPieces
{
    private readonly StringBuilder _text;

    public MarkdownPieces(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + (16 * formattedCount));

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(Passage passage) => _text.Append(passage);

    public void AppendFormatted(string? text) => _text.Append(MarkdownText.Escape(text ?? ""));

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => AppendFormatted(value.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
