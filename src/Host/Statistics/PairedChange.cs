using System.Text.Json.Serialization;
using MathNet.Numerics.Distributions;

namespace MerBench.Host.Statistics;

/// <summary>
/// The change of clips' errors between two results, each clip and seed paired with itself, tested with seeds and clips crossed
/// (<see cref="CrossedTTest"/>).
/// </summary>
/// <param name="Mean">Second minus first, in rating units; above 0 is worse.</param>
/// <param name="Interval">95 % interval of it.</param>
/// <param name="P">Two-sided, corrected by Holm over all changes that were tested together.</param>
/// <param name="SmallestVisible">The change that these clips and seeds would show in 80 of 100 cases at 5 %: <c>(t_.975 + t_.8)
/// SE</c>.</param>
public sealed record PairedChange(double Mean, Interval Interval, double P, int Seeds, int Clips, double SmallestVisible)
{
    private const double Level = 0.05,
        Power = 0.8;

    public bool IsWorse => P < Level && Mean > 0;

    public bool IsBetter => P < Level && Mean < 0;

    /// <summary>Of the two one-sided tests against a margin (<see cref="TTest.EquivalenceP"/>), corrected by Holm; null where none was
    /// asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EquivalenceP { get; init; }

    /// <summary>Whether the change is shown to be smaller than the margin.</summary>
    [JsonIgnore]
    public bool IsWithinMargin => EquivalenceP < Level;

    /// <summary>Corrects tests for how many they are; null for one that is null.</summary>
    /// <param name="margin">Largest change that counts as none; null to test for differences alone.</param>
    public static IReadOnlyList<PairedChange?> Correct(IReadOnlyList<PairedTest?> tests, double? margin = null)
    {
        // The clean errors of a model are the same under all perturbations: one test.
        TTest[] distinct = [.. tests.OfType<PairedTest>().Select(t => t.Test).Distinct()];
        double[] corrected = HolmCorrection.Correct([.. distinct.Select(t => t.P)]);
        double[]? equivalence = margin is { } m ? HolmCorrection.Correct([.. distinct.Select(t => t.EquivalenceP(m))]) : null;
        return [.. tests.Select(test => test is null ? null : Corrected(test, Array.IndexOf(distinct, test.Test)))];

        PairedChange Corrected(PairedTest test, int place) => From(test, corrected[place]) with { EquivalenceP = equivalence?[place] };
    }

    private static PairedChange From(PairedTest paired, double p)
    {
        TTest test = paired.Test;
        double Quantile(double share) => StudentT.InvCDF(0, 1, test.DegreesOfFreedom, share);
        double half = Quantile(1 - (Level / 2)) * test.StandardError;
        return new PairedChange(
            test.Mean,
            new Interval(test.Mean - half, test.Mean + half),
            p,
            paired.Seeds,
            paired.Clips,
            (Quantile(1 - (Level / 2)) + Quantile(Power)) * test.StandardError
        );
    }
}

/// <summary>The test of one table of changes.</summary>
public sealed record PairedTest(TTest Test, int Seeds, int Clips)
{
    /// <summary>Null for a table that is null or whose changes cannot be tested, as they all are the same.</summary>
    public static PairedTest? Compute(ErrorTable? changes)
    {
        if (changes is null)
            return null;
        TTest test = CrossedTTest.Compute(changes);
        return double.IsFinite(test.T) ? new PairedTest(test, changes.Seeds.Count, changes.Clips.Count) : null;
    }
}
