using System.Text.RegularExpressions;

namespace MerBench.Tests.Architecture;

/// <summary>MerBench.sln is what eng/solution.sh writes.</summary>
public sealed partial class SolutionTests
{
    private static readonly string Solution = File.ReadAllText(Path.Combine(Repository.Root, "MerBench.sln"));

    [Test]
    public void It_names_every_project_of_the_product_and_its_tests()
    {
        IEnumerable<string> projects = new[] { "src", "plugins", "tool", "tests", "perf", "eng" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('/', '\\'))
            .Where(file => !file.Contains("\\bin\\", StringComparison.Ordinal) && !file.Contains("\\obj\\", StringComparison.Ordinal))
            .Append("templates\\MerBench.Templates.csproj");
        Assert.That(Named().Matches(Solution).Select(m => m.Groups["path"].Value), Is.EquivalentTo(projects), "run eng/solution.sh");
    }

    [Test]
    public void It_has_no_platforms_besides_Any_CPU() =>
        Assert.That(Platform().Matches(Solution).Select(m => m.Value), Is.Not.Empty.And.All.EqualTo("|Any CPU"), "run eng/solution.sh");

    [GeneratedRegex(@"""(?<path>[^""]+\.csproj)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"\|(Any CPU|x64|x86|ARM64)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Platform();
}
