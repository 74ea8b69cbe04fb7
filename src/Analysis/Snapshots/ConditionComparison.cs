using MerBench.Analysis.Comparisons;
using MerBench.Host.Statistics;
using MerBench.Host.Text;

namespace MerBench.Analysis.Snapshots;

/// <summary>A model under a perturbation of one strength, over seeds, against the snapshot.</summary>
/// <param name="Strength">Budget or severity as tables show it.</param>
/// <param name="Verdict">The worst of its cells.</param>
/// <param name="CleanChange">Of the errors of clean predictions; null where it could not be tested.</param>
/// <param name="PerturbedChange">Of the errors of perturbed predictions.</param>
/// <param name="Clips">Those whose perturbed error moved most, when something moved.</param>
/// <param name="Causes">What differs between what both were made from; empty where nothing moved, or nothing differs.</param>
/// <param name="At">Where in the benchmark file the perturbation, or the model where it has changed, stands.</param>
public sealed record ConditionComparison(
    string Model,
    string Perturbation,
    string Strength,
    SnapshotVerdict Verdict,
    IReadOnlyList<CellComparison> Cells,
    PairedChange? CleanChange,
    PairedChange? PerturbedChange,
    IReadOnlyList<ClipChange> Clips,
    IReadOnlyList<Cause> Causes,
    SourceLocation At
)
{
    public string Name => $"{Model} / {Perturbation} / {Strength}";

    /// <summary>What moved, beyond what noise, in which clips and why it can have, in lines of text.</summary>
    public IReadOnlyList<string> Explanation => VerificationText.Explain(this);
}

/// <summary>A cell against the snapshot.</summary>
/// <param name="Moves">Metrics that left their tolerances.</param>
/// <param name="Note">What else there is to say, such as why the cell failed; possibly empty.</param>
public sealed record CellComparison(string Name, int Seed, SnapshotVerdict Verdict, IReadOnlyList<MetricMove> Moves, string Note);
