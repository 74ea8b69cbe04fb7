using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using MerBench.Analysis.Snapshots;
using MerBench.Host.Plugins;
using MerBench.Reports;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace MerBench.Tests.Architecture;

/// <summary>Folders depend one way: a floor knows those before it in the list, and none behind it.</summary>
public sealed class FloorTests
{
    private const string Host = "MerBench.Host";
    private const string Analysis = "MerBench.Analysis";
    private const string Reports = "MerBench.Reports";

    // A folder and its subfolders are one floor, unless these are listed for themselves.
    private static readonly string[] Floors =
    [
        $"{Host}.Text",
        $"{Host}.IO",
        $"{Host}.Storage",
        $"{Host}.Bibliography",
        $"{Host}.Statistics",
        $"{Host}.Torch",
        $"{Host}.Arithmetic",
        $"{Host}.Hearing",
        $"{Host}.Weights",
        $"{Host}.Yaml",
        $"{Host}.Options",
        $"{Host}.Plugins",
        $"{Host}.Configuration.Benchmarks",
        $"{Host}.Configuration.Matrix",
        $"{Host}.Configuration.Reading",
        $"{Host}.Data",
        $"{Host}.Training",
        $"{Host}.Results",
        $"{Host}.Events",
        $"{Host}.Checks",
        $"{Host}.Cells",
        $"{Host}.Runs",
        $"{Host}.Distribution",
        $"{Host}.Conformance",
        $"{Host}.Diagnosis",
        $"{Host}.Drafts",
        $"{Analysis}.Audit",
        $"{Analysis}.Queries",
        $"{Analysis}.Comparisons",
        $"{Analysis}.Snapshots",
        $"{Analysis}.Leaderboards",
        $"{Reports}.Tables",
        $"{Reports}.Console",
        $"{Reports}.Markdown",
        $"{Reports}.Bibliography",
        $"{Reports}.Figures",
        $"{Reports}.Listening",
        $"{Reports}.Html",
        $"{Reports}.Paper",
        $"{Reports}.Formats",
        $"{Reports}.Archives",
        $"{Reports}.Trackers",
    ];

    private static readonly ArchUnitNET.Domain.Architecture Product = new ArchLoader()
        .LoadAssemblies(typeof(PluginCatalog).Assembly, typeof(SnapshotFile).Assembly, typeof(RunArtifacts).Assembly)
        .Build();

    private static IEnumerable<string> FloorsWithOthersAbove => Floors[..^1];

    [TestCaseSource(nameof(FloorsWithOthersAbove))]
    public void A_floor_depends_on_none_above_it(string floor)
    {
        string[] above = Floors[(Array.IndexOf(Floors, floor) + 1)..];
        IObjectProvider<IType> own = Types().That().ResideInNamespaceMatching(Pattern(floor)).As(floor);
        IObjectProvider<IType> higher = Types()
            .That()
            .ResideInNamespaceMatching(string.Join('|', above.Select(Pattern)))
            .As("floors above");
        var rule = Types().That().Are(own).Should().NotDependOnAny(higher);
        Assert.That(rule.Evaluate(Product).Where(r => !r.Passed).Select(r => r.Description), Is.Empty);
    }

    // The root holds errors and the version, which everybody uses: it uses nobody.
    [Test]
    public void The_root_of_the_engine_depends_on_no_floor()
    {
        IObjectProvider<IType> root = Types().That().ResideInNamespaceMatching($"^{Regex.Escape(Host)}$").As("the root");
        IObjectProvider<IType> all = Types().That().ResideInNamespaceMatching(string.Join('|', Floors.Select(Pattern))).As("floors");
        Assert.That(
            Types().That().Are(root).Should().NotDependOnAny(all).Evaluate(Product).Where(r => !r.Passed).Select(r => r.Description),
            Is.Empty
        );
    }

    [Test]
    public void Every_type_stands_on_a_floor()
    {
        IEnumerable<string> strays = Product
            .Types.Where(t => t.Namespace.FullName.StartsWith("MerBench.", StringComparison.Ordinal))
            .Where(t => t.Assembly.Name is { } name && !name.StartsWith("MerBench.Abstractions", StringComparison.Ordinal))
            .Where(t => t.Namespace.FullName is not (Host or Reports) && !Array.Exists(Floors, floor => Holds(floor, t.Namespace.FullName)))
            .Select(t => t.FullName);
        Assert.That(strays, Is.Empty);
    }

    // The rule would hold of nothing at all if the analysis saw no dependencies.
    [Test]
    public void The_rule_sees_what_a_higher_floor_uses() =>
        Assert.That(
            Types()
                .That()
                .ResideInNamespaceMatching(Pattern($"{Host}.Runs"))
                .Should()
                .NotDependOnAny(Types().That().ResideInNamespaceMatching(Pattern($"{Host}.Cells")))
                .HasNoViolations(Product),
            Is.False
        );

    private static bool Holds(string floor, string name) => name == floor || name.StartsWith(floor + ".", StringComparison.Ordinal);

    private static string Pattern(string floor) => $@"^{Regex.Escape(floor)}(\.|$)";
}
