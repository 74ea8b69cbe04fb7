using System.Globalization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Results;

namespace MerBench.Analysis.Snapshots;

/// <summary>A metric of a cell that left its tolerance.</summary>
/// <param name="Path"><c>MODEL/PERTURBATION/STRENGTH/seed N/METRIC/clean</c> or <c>/perturbed</c>: what tolerances match.</param>
/// <param name="Accepted">The snapshot's value; null where it was not defined.</param>
/// <param name="Received">The run's value; null where it is not defined.</param>
/// <param name="Allowed">The largest change that the tolerance allows.</param>
/// <param name="IsWorse">True for more error or less agreement; a value that is no longer defined is worse.</param>
public sealed record MetricMove(
    string Path,
    string Metric,
    bool IsPerturbed,
    double? Accepted,
    double? Received,
    double Allowed,
    bool IsWorse
)
{
    /// <summary>The metrics of a cell that left their tolerances.</summary>
    public static IReadOnlyList<MetricMove> Find(
        SnapshotCell accepted,
        SnapshotCell received,
        SnapshotTolerances tolerances,
        string deviceType,
        IReadOnlyCollection<string> higherIsBetter
    )
    {
        var moves = new List<MetricMove>();
        foreach (string metric in accepted.Metrics.Keys.Union(received.Metrics.Keys, StringComparer.Ordinal))
        {
            MetricValue? before = accepted.Metrics.GetValueOrDefault(metric),
                now = received.Metrics.GetValueOrDefault(metric);
            Add(metric, isPerturbed: false, before?.Clean, now?.Clean);
            Add(metric, isPerturbed: true, before?.Perturbed, now?.Perturbed);
        }

        return moves;

        void Add(string metric, bool isPerturbed, double? before, double? now)
        {
            string path = string.Create(
                CultureInfo.InvariantCulture,
                $"{received.Model}/{received.Perturbation}/{received.Strength}/seed "
                    + $"{received.Seed}/{metric}/{(isPerturbed ? "perturbed" : "clean")}"
            );
            double allowed = tolerances.For(path, metric, deviceType).Of(before ?? 0);
            if (before is null && now is null)
                return;
            if (before is { } b && now is { } n && Math.Abs(n - b) <= allowed)
                return;
            bool isWorse = now is null || (before is not null && (now > before) != higherIsBetter.Contains(metric));
            moves.Add(new MetricMove(path, metric, isPerturbed, before, now, allowed, isWorse));
        }
    }
}
