namespace MerBench.Host.Diagnosis;

/// <summary>How a finding is to be taken.</summary>
public enum FindingStatus
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Something will not work, but most does.</summary>
    Warning,

    /// <summary>Nothing can be run before this is mended.</summary>
    Problem,
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Area">What it belongs to: runtime, libtorch, device, threads, decoder, plugins, cache.</param>
/// <param name="What">What was found, in one sentence or less.</param>
/// <param name="Advice">What to do about it; empty when all is well.</param>
public sealed record Finding(string Area, FindingStatus Status, string What, string Advice = "");
