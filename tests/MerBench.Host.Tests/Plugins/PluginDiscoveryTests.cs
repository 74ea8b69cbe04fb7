using MerBench.Host;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using static TorchSharp.torch;

namespace MerBench.Tests.Plugins;

public sealed class PluginDiscoveryTests
{
    private static readonly PluginFolders Nowhere = new(null, [], null, null);

    [Test]
    public void A_good_plugin_is_ready_with_everything_its_attribute_says()
    {
        PluginDescriptor plugin = FixturePlugins.Discover("Fixture.Good").Find(PluginKind.Attack, "fixture-sign")!;
        Assert.That(plugin.State, Is.EqualTo(PluginState.Ready), plugin.Reason);
        Assert.That((plugin.Summary, plugin.Source, plugin.Note), Is.EqualTo(("Adds a constant.", "Nobody, Nowhere, 2025", "")));
        Assert.That(plugin.OptionsType!.Name, Is.EqualTo("SignOptions"));
        Assert.That(plugin.AssemblyPath, Is.EqualTo(FixturePlugins.Assembly("Fixture.Good")));
        Assert.That(plugin.Create(OptionsShape.Find(plugin.OptionsType).Default()), Is.InstanceOf<IAttack>());
    }

    [Test]
    public void A_model_tells_whether_it_fills_channel_blocks()
    {
        PluginDescriptor Read(Type type) => PluginClass.Read(type, "").Single();
        Assert.That((Read(typeof(Filling)).FillsChannelBlocks, Read(typeof(Silent)).FillsChannelBlocks), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_plugin_brings_its_private_dependency()
    {
        var metric = (IMetric)FixturePlugins.Discover("Fixture.Good").Find(PluginKind.Metric, "fixture-bias")!.Create(null);
        Assert.That(metric.Compute([1, 2], [2, 5]), Is.EqualTo(2));
    }

    [TestCase(
        "Fixture.NewerMinor",
        "built against contract 1.99, host has 1.6; rebuild it against MerBench.Abstractions with contract 1.6, or update MerBench"
    )]
    [TestCase(
        "Fixture.AnotherMajor",
        "built against contract 2.0, host has 1.6; rebuild it against MerBench.Abstractions with contract 1.6, or update MerBench"
    )]
    [TestCase("Fixture.OwnContract", "implement another copy of MerBench.Abstractions")]
    public void Another_contract_is_named_with_both_versions(string fixture, string reason)
    {
        PluginDescriptor plugin = FixturePlugins.Discover(fixture).All.Single();
        Assert.That(plugin.State, Is.EqualTo(PluginState.NeedsAnotherContract));
        Assert.That(plugin.Reason, Does.StartWith(fixture + ": ").And.Contain(reason));
    }

    [Test]
    public void A_missing_dependency_is_named_even_when_only_a_method_body_uses_it()
    {
        PluginDescriptor plugin = FixturePlugins.Discover("Fixture.MissingDependency").All.Single();
        Assert.That(plugin.State, Is.EqualTo(PluginState.MissingDependency));
        Assert.That(plugin.Reason, Does.Contain("'Fixture.PrivateDependency 0.1.0.0'"));
    }

    [Test]
    public void A_plugin_without_a_stamp_is_judged_by_the_contract_it_references() =>
        Assert.That(FixturePlugins.Discover("Fixture.Unstamped").All.Single().State, Is.EqualTo(PluginState.Ready));

    [Test]
    public void A_leaked_contract_is_noted_and_the_hosts_is_used()
    {
        PluginDescriptor plugin = FixturePlugins.Discover("Fixture.LeakedContract").All.Single();
        Assert.That(plugin.State, Is.EqualTo(PluginState.Ready), plugin.Reason);
        Assert.That(plugin.Note, Does.Contain("MerBench.Abstractions.dll and TorchSharp.dll"));
        Assert.That(plugin.Create(null), Is.InstanceOf<IMetric>());
    }

    [TestCase("NotAnAttack", PluginState.NotAPlugin, "carries [Attack] but does not implement IAttack")]
    [TestCase("BadId", PluginState.NotAPlugin, "'Fixture_Shouting' is not in kebab-case")]
    [TestCase("AbstractMetric", PluginState.NotAPlugin, "is abstract")]
    [TestCase("TwoParameters", PluginState.BadOptionsType, "takes 2 parameters")]
    [TestCase("TwoConstructors", PluginState.BadOptionsType, "2 public constructors")]
    [TestCase(
        "Unbindable",
        PluginState.BadOptionsType,
        "parameter 'Source' of options type StreamOptions has the type Stream, which YAML cannot be bound to"
    )]
    [TestCase("Endless", PluginState.BadOptionsType, "EndlessOptions contains itself")]
    [TestCase("BareNumber", PluginState.BadOptionsType, "options type Int32 must be a record")]
    [TestCase("ThrowsInConstructor", PluginState.ThrewInConstructor, "InvalidOperationException: the moon is in the wrong house")]
    public void A_bad_class_gets_a_state_and_a_reason(string type, PluginState state, string reason)
    {
        PluginDescriptor plugin = FixturePlugins
            .Discover("Fixture.BadClasses")
            .All.Single(p => p.Reason.StartsWith($"Fixture.{type}:", StringComparison.Ordinal));
        Assert.That(plugin.Reason, Does.Contain(reason));
        Assert.That((plugin.State, plugin.Type), Is.EqualTo((state, (Type?)null)));
    }

    [TestCase("fixture-right")]
    [TestCase("fixture-refuses-defaults")]
    [TestCase("fixture-needs-options")]
    public void Bad_classes_do_not_stop_their_neighbours(string id) =>
        Assert.That(FixturePlugins.Discover("Fixture.BadClasses").Find(PluginKind.Metric, id), Is.Not.Null);

    [Test]
    public void Bad_assemblies_do_not_stop_the_others()
    {
        using var fixtures = new FixturePlugins();
        string folder = fixtures.FolderWith(
            "plugins",
            "Fixture.AnotherMajor",
            "Fixture.MissingDependency",
            "Fixture.OwnContract",
            "Fixture.Unstamped"
        );
        string broken = Directory.CreateDirectory(Path.Combine(folder, "Aborted")).FullName;
        File.WriteAllText(Path.Combine(broken, "Aborted.dll"), "a download that was cut off");
        PluginCatalog catalog = PluginDiscovery.Discover(Nowhere with { User = folder });
        Assert.That(
            catalog.All.Select(p => p.State),
            Is.EqualTo(
                new[]
                {
                    PluginState.NotAPlugin,
                    PluginState.NeedsAnotherContract,
                    PluginState.MissingDependency,
                    PluginState.NeedsAnotherContract,
                    PluginState.Ready,
                }
            )
        );
    }

    [Test]
    public void The_first_of_two_equal_ids_wins_bundled_then_named_then_beside_the_file_then_the_users()
    {
        using var fixtures = new FixturePlugins();
        string bundled = fixtures.FolderWith("bundled", "Fixture.Unstamped"),
            named = fixtures.FolderWith("named", "Fixture.Unstamped", "Fixture.Good");
        string beside = fixtures.FolderWith("beside", "Fixture.Good"),
            user = fixtures.FolderWith("user", "Fixture.LeakedContract");
        PluginCatalog catalog = PluginDiscovery.Discover(new PluginFolders(bundled, [named], beside, user));

        Assert.That(catalog.Find(PluginKind.Metric, "fixture-smallest")!.AssemblyPath, Does.StartWith(bundled));
        Assert.That(catalog.Find(PluginKind.Attack, "fixture-sign")!.AssemblyPath, Does.StartWith(named));
        PluginDescriptor late = catalog.All.Single(p => p.AssemblyPath.StartsWith(user, StringComparison.Ordinal));
        Assert.That(late.State, Is.EqualTo(PluginState.DuplicateId));
        Assert.That(late.Reason, Does.Contain(bundled).And.Contain(user));
        Assert.That(catalog.All.Count(p => p.State == PluginState.DuplicateId), Is.EqualTo(4));
    }

    [Test]
    public void Equal_ids_within_one_assembly_are_duplicates_too() =>
        Assert.That(
            FixturePlugins.Discover("Fixture.BadClasses").All.Where(p => p.Id == "fixture-right").Select(p => p.State),
            Is.EquivalentTo(new[] { PluginState.Ready, PluginState.DuplicateId })
        );

    [Test]
    public void A_library_in_a_plugin_folder_is_passed_over_but_not_when_the_user_named_it()
    {
        using var fixtures = new FixturePlugins();
        string folder = fixtures.FolderWith("plugins", "Fixture.PrivateDependency");
        Assert.That(PluginDiscovery.Discover(Nowhere with { BesideBenchmark = folder }).All, Is.Empty);
        PluginDescriptor named = FixturePlugins.Discover("Fixture.PrivateDependency").All.Single();
        Assert.That(
            (named.State, named.Reason),
            Is.EqualTo((PluginState.NotAPlugin, "Fixture.PrivateDependency: is not built against MerBench.Abstractions"))
        );
    }

    [Test]
    public void A_named_folder_may_be_a_plugins_own_a_folder_of_plugins_or_any_with_one_stamped_assembly()
    {
        using var fixtures = new FixturePlugins();
        string plugins = fixtures.FolderWith("plugins", "Fixture.Good");
        string own = Path.Combine(plugins, "Fixture.Good"),
            other = Path.Combine(plugins, "renamed");
        Assert.That(Ids(own), Is.EqualTo(Ids(plugins)).And.Contain("fixture-sign"));
        Directory.Move(own, other);
        Assert.That(Ids(other + Path.DirectorySeparatorChar), Does.Contain("fixture-sign"));

        static IEnumerable<string> Ids(string path) =>
            PluginDiscovery.Discover(Nowhere with { Explicit = [path] }).All.Select(p => p.Id).ToList();
    }

    [Test]
    public void A_named_path_without_a_plugin_is_the_users_error()
    {
        using var fixtures = new FixturePlugins();
        string empty = fixtures.FolderWith("empty");
        foreach (string path in new[] { empty, Path.Combine(empty, "typo.dll") })
        {
            UserErrorException error = Assert.Throws<UserErrorException>(() =>
                PluginDiscovery.Discover(Nowhere with { Explicit = [path] })
            )!;
            Assert.That(error.Message, Does.StartWith($"--plugin {path}: "));
            Assert.That(error.Kind, Is.EqualTo(ErrorKind.Input));
        }
    }

    [Test]
    public void Misbehaving_attacks_load_well()
    {
        PluginCatalog catalog = FixturePlugins.Discover("Fixture.Misbehaving");
        Assert.That(
            catalog.Ready(PluginKind.Attack).Select(p => p.Id),
            Is.EquivalentTo(
                new[]
                {
                    "fixture-changes",
                    "fixture-deadly",
                    "fixture-ends",
                    "fixture-hang",
                    "fixture-large",
                    "fixture-nan",
                    "fixture-overbudget",
                    "fixture-prints",
                    "fixture-says",
                    "fixture-spoils",
                    "fixture-throws",
                    "fixture-wrong-shape",
                }
            )
        );
    }

    [Model("silent")]
    public class Silent : IModel
    {
        public Domain Input => Domain.Features;

        public IReadOnlyDictionary<string, Tensor> State => throw new NotSupportedException();

        public void Build(ModelContext context) => throw new NotSupportedException();

        public ModelOutput Forward(Tensor input) => throw new NotSupportedException();

        public void SetTraining(bool training) => throw new NotSupportedException();

        public void Dispose() => GC.SuppressFinalize(this);
    }

    [Model("filling", FillsChannelBlocks = true)]
    public sealed class Filling : Silent;
}
