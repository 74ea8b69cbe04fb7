using System.Text.RegularExpressions;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Html;

/// <summary>Prose on a page.</summary>
internal static partial class PassageMarkup
{
    /// <summary>In paragraphs.</summary>
    public static Markup Paragraphs(this Passage passage) => Markup.Raw(passage.ToHtml());

    /// <summary>To put into a paragraph.</summary>
    public static Markup Sentences(this Passage passage) => Markup.Raw(OneParagraph().Replace(passage.ToHtml(), "${text}"));

    [GeneratedRegex("^<p>(?<text>.*)</p>$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex OneParagraph();
}
