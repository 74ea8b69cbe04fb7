using MerBench.Analysis.Comparisons;
using MerBench.Host.Statistics;
using MerBench.Host.Text;

namespace MerBench.Analysis.Snapshots;

/// <summary>A model under a perturbation of one strength, over seeds, against the snapshot.</summary>
public sealed record ConditionComparison
{
    public required string Model { get; init; }

    public required string Perturbation { get; init; }

    /// <summary>Budget or severity as tables show it.</summary>
    public required string Strength { get; init; }

    /// <summary>The worst of its cells.</summary>
    public required SnapshotVerdict Verdict { get; init; }

    public required IReadOnlyList<CellComparison> Cells { get; init; }

    /// <summary>Of the errors of clean predictions; null where it could not be tested.</summary>
    public PairedChange? CleanChange { get; init; }

    /// <summary>Of the errors of perturbed predictions.</summary>
    public PairedChange? PerturbedChange { get; init; }

    /// <summary>Those whose perturbed error moved most, when something moved.</summary>
    public required IReadOnlyList<ClipChange> Clips { get; init; }

    /// <summary>What differs between what both were made from; empty where nothing moved, or nothing differs.</summary>
    public required IReadOnlyList<Cause> Causes { get; init; }

    /// <summary>Where in the benchmark file the perturbation, or the model where it has changed, stands.</summary>
    public required SourceLocation At { get; init; }

    public string Name => $"{Model} / {Perturbation} / {Strength}";

    /// <summary>What moved, beyond what noise, in which clips and why it can have, in lines of text.</summary>
    public IReadOnlyList<string> Explanation => VerificationText.Explain(this);
}

/// <summary>A cell against the snapshot.</summary>
/// <param name="Moves">Metrics that left their tolerances.</param>
/// <param name="Note">What else there is to say, such as why the cell failed; possibly empty.</param>
public sealed record CellComparison(string Name, int Seed, SnapshotVerdict Verdict, IReadOnlyList<MetricMove> Moves, string Note);
