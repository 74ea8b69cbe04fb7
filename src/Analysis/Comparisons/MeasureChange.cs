using System.Text.Json.Serialization;
using MerBench.Host.Statistics;

namespace MerBench.Analysis.Comparisons;

/// <summary>What the clips say of a measure, where less is better.</summary>
public enum ChangeVerdict
{
    /// <summary>No clip moved by more than rounding does.</summary>
    Same,

    /// <summary>Shown to be smaller than the margin, by the corrected equivalence test at 5 %, and no change is shown.</summary>
    Negligible,

    /// <summary>Shown to have fallen, by the corrected test at 5 %, and shown to have done so by less than the margin.</summary>
    SlightlyLower,

    /// <summary>The same for a rise.</summary>
    SlightlyHigher,

    /// <summary>Neither a change nor its absence is shown.</summary>
    CannotTell,

    /// <summary>Shown to have fallen.</summary>
    Lower,

    /// <summary>Shown to have risen.</summary>
    Higher,
}

/// <summary>One measure of one condition in two runs, over the same clips and seeds.</summary>
/// <param name="Before">Mean over seeds and clips, in rating units.</param>
/// <param name="After">The same of the second run.</param>
/// <param name="Largest">Largest change of one clip at one seed.</param>
/// <param name="Paired">The test; null where no clip moved, all moved alike, or there are fewer than two.</param>
public sealed record MeasureChange(double Before, double After, double Largest, PairedChange? Paired)
{
    /// <summary>What other threads and batches change in sums of single precision, in rating units, and far less than anybody
    /// reports.</summary>
    public const double Rounding = 1e-4;

    public double Difference => After - Before;

    public ChangeVerdict Verdict =>
        Paired switch
        {
            _ when Largest <= Rounding => ChangeVerdict.Same,
            { IsWorse: true, IsWithinMargin: true } => ChangeVerdict.SlightlyHigher,
            { IsWorse: true } => ChangeVerdict.Higher,
            { IsBetter: true, IsWithinMargin: true } => ChangeVerdict.SlightlyLower,
            { IsBetter: true } => ChangeVerdict.Lower,
            { IsWithinMargin: true } => ChangeVerdict.Negligible,
            _ => ChangeVerdict.CannotTell,
        };

    /// <summary>Whether a change is shown.</summary>
    [JsonIgnore]
    public bool IsMoved =>
        Verdict is ChangeVerdict.SlightlyLower or ChangeVerdict.SlightlyHigher or ChangeVerdict.Lower or ChangeVerdict.Higher;
}
