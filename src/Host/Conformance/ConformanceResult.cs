using MerBench.Host.Plugins;

namespace MerBench.Host.Conformance;

/// <summary>How a check of the conformance suite ended.</summary>
public enum ConformanceOutcome
{
    /// <summary>The plugin keeps the promise.</summary>
    Passed,

    /// <summary>It does not.</summary>
    Failed,

    /// <summary>It could not be asked, or the promise does not concern it; the message says why.</summary>
    Skipped,
}

/// <summary>One promise of the contract, kept or not.</summary>
/// <param name="Plugin">The plugin's id.</param>
/// <param name="Check">The promise, such as <c>budget-kept</c>.</param>
/// <param name="Message">What was found; empty when passed.</param>
public sealed record ConformanceResult(PluginKind Kind, string Plugin, string Check, ConformanceOutcome Outcome, string Message);
