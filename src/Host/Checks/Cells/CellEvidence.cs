using MerBench.Host.Plugins;

namespace MerBench.Host.Checks.Cells;

/// <summary>What a check of a cell may look at: numbers, and a few clips attacked once more where it asks for them.</summary>
internal sealed record CellEvidence
{
    public required PluginDescriptor Attack { get; init; }

    /// <summary>What it maximised, as YAML names it.</summary>
    public required string Objective { get; init; }

    /// <summary>An objective that raises one emotion, for advice.</summary>
    public required string Direction { get; init; }

    /// <summary>The metrics that are reported.</summary>
    public required IReadOnlyList<MetricDescription> Metrics { get; init; }

    public Budget? Budget { get; init; }

    /// <summary>The range of inputs; null where there is none.</summary>
    public Box? Box { get; init; }

    /// <summary>How many numbers one clip's input has.</summary>
    public long Elements { get; init; }

    /// <summary>In which the attack computed.</summary>
    public Precision Precision { get; init; }

    /// <summary>The objective at the clean inputs, a clip each.</summary>
    public required IReadOnlyList<float> Clean { get; init; }

    /// <summary>The objective at what the attack returned.</summary>
    public required IReadOnlyList<float> Perturbed { get; init; }

    /// <summary>Whether the host scaled what the attack returned, so that it is none of the points that the attack saw.</summary>
    public bool IsScaled { get; init; }

    /// <summary>The objective at what is left of it in a file of 16-bit samples; null for features.</summary>
    public IReadOnlyList<float>? Saved { get; init; }

    /// <summary>What the attack saw, a clip each.</summary>
    public required IReadOnlyList<ClipTrace> Traces { get; init; }

    public required IAttackTrials Trials { get; init; }

    /// <summary>The best objective that the attack saw, a clip each.</summary>
    public IReadOnlyList<double> BestSeen => [.. Traces.Select((trace, clip) => (double)trace.FindBest(Clean[clip]))];

    /// <summary>What the best points that the attack saw gain, the mean over clips; 0 where it saw none.</summary>
    public double BestGain => Traces.All(t => t.Values.Count == 0) ? 0 : BestSeen.Select((best, clip) => best - Clean[clip]).Average();
}
