using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Snapshots;
using MerBench.Host.Results;

namespace MerBench.Host.Tests.Snapshots;

/// <summary>Errors of thirty clips, moved, and what a comparison finds of that.</summary>
internal static class ComparedErrors
{
    public static readonly double[] Errors = [.. Enumerable.Range(0, 30).Select(i => 0.2 + (0.01 * (i % 7)))];

    public static double[] Shifted(double by, double spread, int seed = 1)
    {
        RandomStream random = RandomStream.For("shift", seed.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return [.. Errors.Select(e => e + by + (spread * ((random.NextInt32(20001) / 10000.0) - 1)))];
    }

    public static ConditionComparison Compare(
        double[] received,
        Func<Snapshot, Snapshot>? accepted = null,
        Believable believable = Believable.Yes
    ) =>
        new Comparison
        {
            Accepted = _ => Errors,
            Received = _ => received,
            ChangeAccepted = accepted ?? (s => s),
            ReceivedBelievable = believable,
        }
            .Run()
            .Single();
}
