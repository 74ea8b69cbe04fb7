using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace MerBench.Reports.Tables;

/// <summary>
/// Prose of a report. It stands in an embedded Markdown file, <c>prose/DOCUMENT.md</c>, under a heading of its own, and may have places to
/// fill, such as <c>{margin}</c>.
/// </summary>
internal sealed partial class Passage
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Documents = new(StringComparer.Ordinal);

    private readonly string _markdown;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private Passage(string markdown) => _markdown = markdown;

    /// <exception cref="ArgumentException">There is no such passage.</exception>
    public static Passage Read(string document, string heading) =>
        Documents.GetOrAdd(document, Parse).TryGetValue(heading, out string? markdown)
            ? new Passage(markdown)
            : throw new ArgumentException($"{document}.md has no '{heading}'.", nameof(heading));

    /// <exception cref="ArgumentException">The passage has no such place.</exception>
    public Passage Fill(string place, string value)
    {
        if (!Place().Matches(_markdown).Any(m => m.Groups["name"].Value == place))
            throw new ArgumentException($"The passage has no '{place}'.", nameof(place));
        _values[place] = value;
        return this;
    }

    /// <summary>As HTML, in paragraphs.</summary>
    public string ToHtml() => Filled(Markdig.Markdown.ToHtml(_markdown), WebUtility.HtmlEncode).TrimEnd();

    /// <summary>As Markdown.</summary>
    public override string ToString() => Filled(_markdown, value => value);

    private string Filled(string text, Func<string, string> encode) =>
        Place()
            .Replace(
                text,
                place =>
                    _values.TryGetValue(place.Groups["name"].Value, out string? value)
                        ? encode(value)
                        : throw new InvalidOperationException($"Nothing fills {place.Value} of '{_markdown}'.")
            );

    // Lines are wrapped for those who write; what is written has a line a paragraph.
    private static Dictionary<string, string> Parse(string document)
    {
        using Stream stream =
            typeof(Passage).Assembly.GetManifestResourceStream($"MerBench.Prose.{document}.md")
            ?? throw new ArgumentException($"There is no {document}.md.", nameof(document));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader
            .ReadToEnd()
            .ReplaceLineEndings("\n")
            .Split("\n## ")
            .Skip(1)
            .Select(part => part.Split('\n', 2))
            .ToDictionary(
                part => part[0].Trim(),
                part => string.Join("\n\n", part[1].Trim().Split("\n\n").Select(paragraph => paragraph.Replace('\n', ' '))),
                StringComparer.Ordinal
            );
    }

    [GeneratedRegex(@"\{(?<name>[a-z]+)\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Place();
}
