using MathNet.Numerics.Distributions;
using MerBench.Host.Statistics;

namespace MerBench.Host.Snapshots;

/// <summary>
/// The change of the clips' mean absolute errors between a snapshot and a run, each clip and seed paired with itself, tested with seeds and clips crossed (<see cref="CrossedTTest"/>).
/// </summary>
/// <param name="Mean">Received minus accepted, in rating units; above 0 is worse.</param>
/// <param name="Interval">95 % interval of it.</param>
/// <param name="P">Two-sided, corrected by Holm over all changes of the benchmark that were tested.</param>
/// <param name="SmallestVisible">The change that these clips and seeds would show in 80 of 100 cases at 5 %: <c>(t_.975 + t_.8) SE</c>.</param>
public sealed record PairedChange(double Mean, Interval Interval, double P, int Seeds, int Clips, double SmallestVisible)
{
    private const double Level = 0.05, Power = 0.8;

    public bool IsWorse => P < Level && Mean > 0;

    public bool IsBetter => P < Level && Mean < 0;

    /// <summary>Tests tables of changes, and corrects for how many they are; null for a table that is null or whose changes cannot be tested, as they all are the same.</summary>
    public static IReadOnlyList<PairedChange?> Of(IReadOnlyList<ErrorTable?> changes)
    {
        TTest?[] tests = [.. changes.Select(c => c is null ? null : CrossedTTest.Of(c)).Select(t => t is null || !double.IsFinite(t.T) ? null : t)];
        // The clean errors of a model are the same under all perturbations: one test.
        TTest[] distinct = [.. tests.OfType<TTest>().Distinct()];
        double[] corrected = HolmCorrection.Correct([.. distinct.Select(t => t.P)]);
        return [.. tests.Select((test, i) => test is null ? null : From(test, corrected[Array.IndexOf(distinct, test)], changes[i]!))];
    }

    private static PairedChange From(TTest test, double p, ErrorTable changes)
    {
        double Quantile(double share) => StudentT.InvCDF(0, 1, test.DegreesOfFreedom, share);
        double half = Quantile(1 - (Level / 2)) * test.StandardError;
        return new PairedChange(
            test.Mean, new Interval(test.Mean - half, test.Mean + half), p, changes.Seeds.Count, changes.Clips.Count,
            (Quantile(1 - (Level / 2)) + Quantile(Power)) * test.StandardError);
    }
}
