using ArchUnitNET.Fluent;
using ArchUnitNET.Loader;
using MerBench.Host.Plugins;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace MerBench.Tests.Architecture;

public sealed class LayeringTests
{
    private static readonly ArchUnitNET.Domain.Architecture Product = new ArchLoader()
        .LoadAssemblies(typeof(PluginCatalog).Assembly, typeof(IModel).Assembly, typeof(McMaster.NETCore.Plugins.PluginLoader).Assembly)
        .Build();

    [Test]
    public void Only_the_folder_Plugins_knows_the_loader_library()
    {
        var loaderLibrary = Types().That().ResideInNamespaceMatching(@"^McMaster\.").As("McMaster's loader");
        var elsewhere = Types()
            .That()
            .ResideInAssembly(typeof(PluginCatalog).Assembly)
            .And()
            .DoNotResideInNamespaceMatching(@"^MerBench\.Host\.Plugins$");
        AssertHolds(Types().That().Are(elsewhere).Should().NotDependOnAny(loaderLibrary));

        // The rule would hold of nothing at all if the analysis did not see the one place that does.
        var inPlugins = Types().That().ResideInNamespaceMatching(@"^MerBench\.Host\.Plugins$");
        Assert.That(Types().That().Are(inPlugins).Should().NotDependOnAny(loaderLibrary).HasNoViolations(Product), Is.False);
    }

    private static void AssertHolds(IArchRule rule) =>
        Assert.That(rule.Evaluate(Product).Where(r => !r.Passed).Select(r => r.Description), Is.Empty, rule.Description);
}
