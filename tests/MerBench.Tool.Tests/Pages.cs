using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MerBench.Tests;

/// <summary>What pages must be: well-formed, and complete in themselves.</summary>
internal static partial class Pages
{
    /// <summary>The page's text as people read it.</summary>
    public static string Visible(string html) => WebUtility.HtmlDecode(Tags().Replace(Hidden().Replace(html, " "), " "));

    /// <summary>Nothing is loaded from anywhere, though links of authors may lead away, and every element is closed.</summary>
    public static void AssertSelfContained(string html)
    {
        Assert.That(
            Loads()
                .Matches(Hidden().Replace(html, "").Replace("<a rel=\"external nofollow\" href=", "", StringComparison.Ordinal))
                .Select(m => m.Value),
            Is.Empty
        );
        Assert.That(WebUtility.HtmlDecode(html), Does.Contain("default-src 'none'"));
        Assert.DoesNotThrow(() => Parse(html));
    }

    /// <summary>The page as XML: elements without content are closed, which HTML needs not.</summary>
    public static XElement Parse(string html) =>
        XElement.Parse(
            Attributes()
                .Replace(
                    Void()
                        .Replace(Hidden().Replace(html, "").Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), "<${name}${rest}/>"),
                    " ${name}=\"\"${rest}"
                )
                .Replace("&nbsp;", " ", StringComparison.Ordinal)
        );

    [GeneratedRegex("<script[^>]*>.*?</script>|<style[^>]*>.*?</style>", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Hidden();

    [GeneratedRegex("<[^>]+>", RegexOptions.NonBacktracking)]
    private static partial Regex Tags();

    [GeneratedRegex(
        "(?:src|href|action|poster|data)\\s*=\\s*[\"']?(?:https?:)?//[^\"'> ]*|url\\([^)]*\\)",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking
    )]
    private static partial Regex Loads();

    [GeneratedRegex("<(?<name>meta|link|br|hr|img|input)\\b(?<rest>[^>]*?)/?>", RegexOptions.NonBacktracking)]
    private static partial Regex Void();

    [GeneratedRegex(" (?<name>hidden|download|disabled|checked|open)(?<rest>[ />])", RegexOptions.NonBacktracking)]
    private static partial Regex Attributes();
}
