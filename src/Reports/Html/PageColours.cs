using System.Text.RegularExpressions;

namespace MerBench.Reports.Html;

/// <summary>The colours of the light theme, as the first rule of the page's styles names them.</summary>
internal static partial class PageColours
{
    /// <summary>By colour, such as <c>#1b1f24</c>, the variable that stands for it in every theme, such as <c>var(--ink)</c>.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } =
        Definition()
            .Matches(PageAssets.Read("page.css").Split('}')[0])
            .ToDictionary(m => m.Groups["colour"].Value, m => $"var({m.Groups["name"].Value})", StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(
        "(?<name>--[a-z-]+): (?<colour>#[0-9a-f]{6});",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Definition();
}
