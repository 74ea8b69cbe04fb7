using System.Text.RegularExpressions;

namespace MerBench.Tests.Architecture;

/// <summary>The host knows plugins by what they say of themselves.</summary>
public sealed partial class PluginIdTests
{
    private static readonly Exemption[] Exemptions =
    [
        new("StandardPlugins.cs", "", "what stands in a benchmark file that names no front end and no metrics"),
        new("Transfers.cs", "\"transfer\"", "the name of a section of the report"),
        new("MetricConformance.cs", "Drawn(\"noise\")", "the key of a random stream"),
    ];

    [Test]
    public void The_host_names_no_plugin_by_its_id()
    {
        HashSet<string> ids = [.. Sources("plugins").SelectMany(file => Declaration().Matches(File.ReadAllText(file))).Select(Id)];
        Assert.That(ids, Is.SupersetOf(new[] { "mae", "pgd", "noise", "vgg", "cues", "madmom-log" }));
        string[] named =
        [
            .. from file in Sources("src").Where(f => !IsContract(f))
            from line in File.ReadLines(file).Select(l => l.Trim())
            where !line.StartsWith("//", StringComparison.Ordinal)
            where Literal().Matches(line).Any(m => ids.Contains(Id(m)))
            where !Array.Exists(Exemptions, e => e.Covers(file, line))
            select $"{Path.GetRelativePath(Repository.Root, file)}: {line}",
        ];
        Assert.That(named, Is.Empty);
    }

    [TestCaseSource(nameof(Exemptions))]
    public void An_exemption_is_still_needed(Exemption exemption) =>
        Assert.That(
            Sources("src").Where(file => File.ReadLines(file).Any(line => exemption.Covers(file, line))),
            Is.Not.Empty,
            exemption.Reason
        );

    private static IEnumerable<string> Sources(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(Repository.Root, f).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    // It names objectives, some of which are called like metrics.
    private static bool IsContract(string file) =>
        file.StartsWith(Path.Combine(Repository.Root, "src", "Abstractions") + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Id(Match match) => match.Groups["id"].Value;

    [GeneratedRegex(
        """\[(Model|FrontEnd|Attack|Corruption|Dataset|Metric)\(\s*"(?<id>[^"]+)""",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Declaration();

    [GeneratedRegex(
        """
            "(?<id>[a-z0-9-]+)"
            """,
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Literal();

    /// <param name="File">The only file that it is for; empty for any.</param>
    /// <param name="Line">Part of the line.</param>
    public sealed record Exemption(string File, string Line, string Reason)
    {
        public bool Covers(string file, string line) =>
            (File.Length == 0 || Path.GetFileName(file) == File) && line.Contains(Line, StringComparison.Ordinal);

        public override string ToString() => Reason;
    }
}
