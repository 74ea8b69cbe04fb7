using MerBench.Testing;
using NUnit.Framework;

namespace MyPlugin.Tests;

/// <summary>Does the plugin keep the promises of the contract?</summary>
public sealed class Promises : PluginConformance;

/// <summary>Is what it does still what was accepted in my-plugin.verified.json?</summary>
public sealed class Robustness
{
    [RobustnessBenchmark("../../benchmarks/my-plugin.yaml")]
    public Task Holds(RobustnessCell cell) => cell.Verify();
}
