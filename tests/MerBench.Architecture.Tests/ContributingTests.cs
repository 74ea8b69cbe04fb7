using System.Text.RegularExpressions;

namespace MerBench.Tests.Architecture;

/// <summary>CONTRIBUTING.md names files that are there.</summary>
public sealed partial class ContributingTests
{
    public static IEnumerable<string> Paths() =>
        File.ReadLines(Path.Combine(Repository.Root, "CONTRIBUTING.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => Quoted().Matches(line.Split('|')[1]).Select(m => m.Groups["path"].Value))
            .Where(path => path.Contains('/', StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);

    /// <summary>What a contributor names (NAME) stands in a folder that exists.</summary>
    [TestCaseSource(nameof(Paths))]
    public void A_path_exists(string path)
    {
        string existing = path.Contains("NAME", StringComparison.Ordinal)
            ? path[..path.LastIndexOf('/', path.IndexOf("NAME", StringComparison.Ordinal))]
            : path;
        Assert.That(Path.Exists(Path.Combine(Repository.Root, existing)), existing);
    }

    [GeneratedRegex("`(?<path>[^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Quoted();
}
