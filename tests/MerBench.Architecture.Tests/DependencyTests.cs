using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using MerBench.Host.Plugins;

namespace MerBench.Tests.Architecture;

/// <summary>tool -> Reports -> Analysis -> Host -> Abstractions &lt;- plugins, and nothing else.</summary>
public sealed class DependencyTests
{
    private static IEnumerable<ProjectFile> Plugins => ProjectFile.In("plugins");

    private static IEnumerable<ProjectFile> Tools => ProjectFile.In("tool");

    private static ProjectFile Abstractions => Find("MerBench.Abstractions");

    private static ProjectFile Host => Find("MerBench.Host");

    [Test]
    public void The_contract_references_TorchSharp_and_nothing_else()
    {
        Assert.That(Abstractions.ProjectReferences, Is.Empty);
        Assert.That(Abstractions.PackageReferences, Is.EqualTo(new[] { "TorchSharp" }));
        Assert.That(ReferencesOf(typeof(IModel).Assembly).Where(r => !IsFramework(r)), Is.EquivalentTo(new[] { "TorchSharp" }));
    }

    [Test]
    public void The_host_references_the_contract_and_no_other_project()
    {
        Assert.That(Host.ProjectReferences, Is.EqualTo(new[] { "MerBench.Abstractions" }));
        Assert.That(
            ReferencesOf(typeof(PluginCatalog).Assembly).Where(r => r.StartsWith("MerBench", StringComparison.Ordinal)),
            Is.EquivalentTo(new[] { "MerBench.Abstractions" })
        );
    }

    // What shows results may use the engine; the engine never what shows them.
    [TestCase("MerBench.Analysis", "MerBench.Host")]
    [TestCase("MerBench.Reports", "MerBench.Analysis")]
    public void What_looks_at_results_references_what_is_below_it_alone(string project, string below) =>
        Assert.That(Find(project).ProjectReferences, Is.EqualTo(new[] { below }));

    [TestCase("MerBench.Host")]
    [TestCase("MerBench.Analysis")]
    public void Only_reports_draw_and_write_to_terminals(string project) =>
        Assert.That(Find(project).PackageReferences, Has.None.EqualTo("ScottPlot").And.None.EqualTo("Spectre.Console"));

    [TestCaseSource(nameof(Plugins))]
    public void A_plugin_references_the_contract_and_no_other_project(ProjectFile plugin) =>
        Assert.That(plugin.ProjectReferences.Distinct(), Is.EqualTo(new[] { "MerBench.Abstractions" }));

    // A project reference that only orders the build (ReferenceOutputAssembly=false) lets the tool bundle plugins without knowing them.
    [TestCaseSource(nameof(Tools))]
    public void The_tool_references_reports_and_what_is_below_and_no_plugin_assembly(ProjectFile tool)
    {
        Assert.That(tool.ProjectReferences, Has.Member("MerBench.Reports"));
        IEnumerable<string> compiled = System
            .Xml.Linq.XDocument.Load(tool.Path)
            .Descendants("ProjectReference")
            .Where(e => e.Attribute("ReferenceOutputAssembly")?.Value != "false")
            .Select(e => Path.GetFileNameWithoutExtension(e.Attribute("Include")!.Value.Replace('\\', '/')));
        Assert.That(compiled, Is.EqualTo(new[] { "MerBench.Reports" }));
    }

    [TestCase("src")]
    [TestCase("tool")]
    public void Neither_host_nor_tool_names_a_plugin_assembly(string folder)
    {
        var plugins = Plugins.Select(p => p.Name).ToList();
        string root = Path.Combine(Repository.Root, folder);
        if (!Directory.Exists(root))
            Assert.Ignore($"There is no folder '{folder}' yet.");
        foreach (string file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(f => !IsBuildOutput(f)))
        {
            string text = File.ReadAllText(file);
            Assert.That(plugins.Where(p => text.Contains(p, StringComparison.Ordinal)), Is.Empty, file);
        }
    }

    // A benchmark of models in whole blocks of channels keeps AVX-512 where other convolutions are wrong.
    [Test]
    public void Of_bundled_plugins_only_models_convolve()
    {
        var convolves = new Regex(
            """\bconv(_transpose)?[123]d\b""",
            RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1)
        );
        IEnumerable<string> files = Plugins
            .Where(p => !p.Name.Contains(".Models.", StringComparison.Ordinal))
            .SelectMany(p => Directory.EnumerateFiles(Path.GetDirectoryName(p.Path)!, "*.cs", SearchOption.AllDirectories))
            .Where(file => !IsBuildOutput(file));
        Assert.That(files.Where(file => convolves.IsMatch(File.ReadAllText(file))), Is.Empty);
    }

    private static ProjectFile Find(string project) => ProjectFile.In("src").Single(p => p.Name == project);

    private static bool IsBuildOutput(string file) =>
        Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    private static bool IsFramework(string assembly) =>
        assembly.StartsWith("System.", StringComparison.Ordinal) || assembly is "System" or "netstandard" or "mscorlib";

    private static List<string> ReferencesOf(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(h => metadata.GetString(metadata.GetAssemblyReference(h).Name))];
    }
}
