using System.Text.RegularExpressions;

namespace MerBench.Tests.Architecture;

/// <summary>README, docs and the pages for contributors: text is wrapped, links lead somewhere.</summary>
public sealed partial class DocumentationLayoutTests
{
    private const int Width = 120;

    public static IEnumerable<string> Pages() =>
        Directory
            .GetFiles(Repository.Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Pages))]
    public void Text_is_wrapped_at_120_columns(string page)
    {
        IEnumerable<string> tooLong = TextOf(page)
            .Where(line => line.Text.Length > Width && !Alone().IsMatch(line.Text) && CanBeBroken(line.Text))
            .Select(line => $"{page}:{line.Number}: {line.Text.Length} columns");
        Assert.That(tooLong, Is.Empty);
    }

    [TestCaseSource(nameof(Pages))]
    public void Links_lead_to_files_and_headings_that_exist(string page)
    {
        IEnumerable<string> broken = TextOf(page)
            .SelectMany(line => Link().Matches(line.Text).Select(m => (line.Number, Target: m.Groups["target"].Value)))
            .Where(link => !link.Target.Contains("://", StringComparison.Ordinal) && !Exists(page, link.Target))
            .Select(link => $"{page}:{link.Number}: {link.Target}");
        Assert.That(broken, Is.Empty);
    }

    [TestCase("one two", true)]
    [TestCase("* one", false)]
    [TestCase("  `a command of many words`.", false)]
    [TestCase("[a link](docs/results.md), and more", true)]
    public void A_line_can_be_broken_between_words_but_not_within_code_and_links(string line, bool expected) =>
        Assert.That(CanBeBroken(line), Is.EqualTo(expected));

    private static bool CanBeBroken(string line) =>
        Whole().Replace(Marker().Replace(line, ""), "x").Trim().Contains(' ', StringComparison.Ordinal);

    private static bool Exists(string page, string target)
    {
        string[] parts = target.Split('#', 2);
        string linked = parts[0].Length == 0 ? page : Path.GetRelativePath(Repository.Root, Path.Combine(FolderOf(page), parts[0]));
        string path = Path.Combine(Repository.Root, linked);
        return Path.Exists(path) && (parts.Length == 1 || AnchorsOf(linked).Contains(parts[1], StringComparer.Ordinal));
    }

    private static string FolderOf(string page) => Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;

    // As GitHub makes them: lower case, without punctuation, with a hyphen for each space.
    private static IEnumerable<string> AnchorsOf(string page) =>
        TextOf(page)
            .Where(line => line.Text.StartsWith('#'))
            .Select(line => Punctuation().Replace(line.Text.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    // The lines outside of code.
    private static IEnumerable<(int Number, string Text)> TextOf(string page)
    {
        bool isCode = false;
        int number = 0;
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, page)))
        {
            number++;
            bool isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (isFence)
                isCode = !isCode;
            else if (!isCode)
                yield return (number, line);
        }
    }

    // Tables, headings and HTML.
    [GeneratedRegex(@"^\s*(\||#|<)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Alone();

    [GeneratedRegex(@"^\s*([*+-]|\d+\.)\s+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marker();

    [GeneratedRegex(@"\[[^\]]*\]\([^)]*\)|`[^`]*`", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Punctuation();
}
