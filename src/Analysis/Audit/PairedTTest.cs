using MerBench.Host.Results;
using MerBench.Host.Statistics;

namespace MerBench.Analysis.Audit;

/// <summary>Student's paired t-test of two systems, two-sided, as studies publish it.</summary>
/// <param name="Unit">What counts as one independent observation.</param>
/// <param name="Difference">Mean of first minus second.</param>
public sealed record PairedTTest(string First, string Second, string Unit, double Difference, double T, int DegreesOfFreedom, double P)
{
    public static PairedTTest Test(string first, string second, string unit, IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        TTest test = TTest.Paired([.. a.Zip(b, (x, y) => x - y)]);
        return new PairedTTest(first, second, unit, test.Mean, test.T, (int)test.DegreesOfFreedom, test.P);
    }

    /// <summary>
    /// Compares the perturbed MAE of two systems three ways: each row on its own, as published; rows averaged over seeds, so that a clip
    /// counts
    /// once; rows averaged over clips, so that a trained model counts once. None where the two were not attacked on the same clips and
    /// seeds.
    /// </summary>
    public static IEnumerable<PairedTTest> Compare(IReadOnlyList<ClipLog> first, IReadOnlyList<ClipLog> second)
    {
        var a = Errors(first);
        var b = Errors(second);
        if (a.Count < 2 || !a.Keys.ToHashSet().SetEquals(b.Keys))
            yield break;
        string nameOfA = first[0].System,
            nameOfB = second[0].System;
        (int, string)[] keys = [.. a.Keys];
        yield return Test(nameOfA, nameOfB, "rows (seed x clip)", [.. keys.Select(k => a[k])], [.. keys.Select(k => b[k])]);
        if (keys.DistinctBy(k => k.Item2).Count() > 1)
            yield return Grouped("clips", k => k.Clip);
        if (keys.DistinctBy(k => k.Item1).Count() > 1)
            yield return Grouped("seeds", k => k.Seed);

        PairedTTest Grouped<T>(string unit, Func<(int Seed, string Clip), T> by)
        {
            var groups = keys.GroupBy(by).ToList();
            return Test(
                nameOfA,
                nameOfB,
                unit,
                [.. groups.Select(g => g.Average(k => a[k]))],
                [.. groups.Select(g => g.Average(k => b[k]))]
            );
        }
    }

    private static Dictionary<(int Seed, string Clip), double> Errors(IReadOnlyList<ClipLog> logs)
    {
        var errors = new Dictionary<(int, string), double>();
        foreach (ClipLog log in logs)
        foreach (ClipRow row in log.Rows)
            errors[(log.Seed, row.Clip)] = row.Error.Perturbed;
        return errors;
    }
}
