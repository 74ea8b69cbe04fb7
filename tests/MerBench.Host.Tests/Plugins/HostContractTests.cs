using System.Reflection;
using MerBench.Host.Plugins;

namespace MerBench.Tests.Plugins;

public sealed class HostContractTests
{
    private static readonly HostContract Host = new(new ContractVersion(2, 3), new Version(0, 107, 0, 0));

    [TestCase("2.3", null)]
    [TestCase("2.0", null)]
    [TestCase(
        "2.4",
        "built against contract 2.4, host has 2.3; rebuild it against MerBench.Abstractions with contract 2.3, or update MerBench"
    )]
    [TestCase("1.9", "built against contract 1.9, host has 2.3; rebuild it against MerBench.Abstractions with contract 2.3")]
    [TestCase(
        "3.0",
        "built against contract 3.0, host has 2.3; rebuild it against MerBench.Abstractions with contract 2.3, or update MerBench"
    )]
    [TestCase("soon", "its contract stamp 'soon' is not a version; rebuild it against MerBench.Abstractions with contract 2.3")]
    public void A_stamp_needs_the_same_major_and_at_most_the_hosts_minor(string stamp, string? problem) =>
        Assert.That(Host.Problem(new AssemblyFacts("A", stamp, [])), Is.EqualTo(problem));

    [TestCase(2, true)]
    [TestCase(1, false)]
    [TestCase(3, false)]
    public void Without_a_stamp_the_referenced_major_decides(int major, bool fits) =>
        Assert.That(
            Host.Problem(new AssemblyFacts("A", null, [Reference("MerBench.Abstractions", new Version(major, 0, 0, 0))])) is null,
            Is.EqualTo(fits)
        );

    [Test]
    public void A_stamp_does_not_outweigh_a_reference_to_another_major() =>
        Assert.That(
            Host.Problem(new AssemblyFacts("A", "2.3", [Reference("MerBench.Abstractions", new Version(3, 0, 0, 0))])),
            Does.Contain("built against contract 3, host has 2.3")
        );

    [TestCase("0.107.0.0", true)]
    [TestCase("0.106.0.0", true)]
    [TestCase("0.108.0.0", false)]
    public void TorchSharp_may_be_older_but_not_newer_than_the_hosts(string version, bool fits) =>
        Assert.That(
            Host.Problem(new AssemblyFacts("A", "2.3", [Reference("TorchSharp", Version.Parse(version))])) is null,
            Is.EqualTo(fits)
        );

    [Test]
    public void The_running_host_reads_its_contract_from_the_contract_itself()
    {
        Assert.That(HostContract.Current.Version.Major, Is.EqualTo(typeof(IModel).Assembly.GetName().Version!.Major));
        Assert.That(HostContract.Current.TorchSharp, Is.EqualTo(typeof(TorchSharp.torch).Assembly.GetName().Version));
    }

    private static AssemblyName Reference(string name, Version version) => new(name) { Version = version };
}
