using System.IO.Compression;
using System.Reflection;
using MerBench.Host.Plugins;

namespace MerBench.Tests.Packaging;

/// <summary>What a stranger's plugin goes through: packed contract, own folder, own build, discovery.</summary>
public sealed class ThirdPartySampleTests
{
    [Test]
    public async Task The_packed_contract_holds_itself_and_its_build_rules_and_nothing_else()
    {
        using ZipArchive package = ZipFile.OpenRead(await ThirdPartySample.Package());
        Assert.That(
            package
                .Entries.Select(e => e.FullName)
                .Where(n => n.StartsWith("lib/", StringComparison.Ordinal) || n.StartsWith("build", StringComparison.Ordinal)),
            Is.EquivalentTo(
                new[]
                {
                    "lib/net10.0/MerBench.Abstractions.dll",
                    "lib/net10.0/MerBench.Abstractions.xml",
                    "build/MerBench.Abstractions.props",
                    "build/MerBench.Abstractions.targets",
                    "build/MerBench.Contract.props",
                }
            )
        );
        Assert.That(package.Entries.Select(e => Path.GetExtension(e.FullName)), Has.Exactly(1).EqualTo(".dll").And.None.EqualTo(".so"));
    }

    [Test]
    public async Task The_sample_builds_against_the_package_and_ships_nothing_of_the_host()
    {
        string folder = await ThirdPartySample.PluginFolder();
        Assert.That(
            Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)),
            Is.EquivalentTo(
                new[]
                {
                    "ThirdParty.Model.dll",
                    "ThirdParty.Model.pdb",
                    "ThirdParty.Model.deps.json",
                    "ThirdParty.Model.runtimeconfig.json",
                }
            )
        );
        Assert.That(
            File.ReadAllText(Path.Combine(folder, "ThirdParty.Model.deps.json")),
            Does.Not.Contain("TorchSharp").And.Not.Contain("MerBench")
        );
    }

    [Test]
    public async Task The_sample_is_discovered_ready_and_stamped()
    {
        PluginCatalog catalog = PluginDiscovery.Discover(new PluginFolders(null, [await ThirdPartySample.PluginFolder()], null, null));
        Assert.That(
            catalog.All.Select(p => (p.Kind, p.Id, p.State, p.Reason + p.Note)),
            Is.EquivalentTo(
                new[]
                {
                    ((PluginKind?)PluginKind.Model, "third-party-mean-spectrum", PluginState.Ready, ""),
                    ((PluginKind?)PluginKind.Attack, "third-party-random-sign", PluginState.Ready, ""),
                }
            )
        );
        Assert.That(
            catalog.All[0].Type!.Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Select(a => (a.Key, a.Value)),
            Has.Member(("MerBench.ContractVersion", HostContract.Current.Version.ToString()))
        );
    }

    [Test]
    public async Task A_leaked_contract_fails_the_authors_build()
    {
        string project = await ThirdPartySample.ProjectFolder(),
            output = Path.Combine(project, "leaky") + Path.DirectorySeparatorChar;
        Directory.CreateDirectory(output);
        File.Copy(typeof(IModel).Assembly.Location, Path.Combine(output, "MerBench.Abstractions.dll"));
        (int exitCode, string said) = await DotNet.Try(project, ThirdPartySample.BuildArguments("--no-restore", $"-p:OutputPath={output}"));
        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(
            said,
            Does.Contain("error MERBENCH001: A plugin must not ship what the host shares with it").And.Contain("MerBench.Abstractions.dll")
        );
    }

    [Test]
    public async Task A_project_that_is_no_plugin_gets_the_contract_and_TorchSharp()
    {
        string project = await ThirdPartySample.ProjectFolder(),
            output = Path.Combine(project, "no-plugin") + Path.DirectorySeparatorChar;
        await DotNet.Run(project, ThirdPartySample.BuildArguments("--no-restore", "-p:MerBenchPlugin=false", $"-p:OutputPath={output}"));
        Assert.That(
            File.Exists(Path.Combine(output, "MerBench.Abstractions.dll")) && File.Exists(Path.Combine(output, "TorchSharp.dll")),
            Is.True
        );
    }
}
