using System.Globalization;
using System.Text.Json.Serialization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Results;

namespace MerBench.Analysis.Snapshots;

/// <summary>A metric of a cell that left its tolerance.</summary>
/// <param name="Path"><c>MODEL/PERTURBATION/STRENGTH/seed N/METRIC/clean</c> or <c>/perturbed</c>: what tolerances match.</param>
/// <param name="Accepted">The snapshot's value; null where it was not defined.</param>
/// <param name="Received">The run's value; null where it is not defined.</param>
/// <param name="Allowed">The largest change that the tolerance allows.</param>
/// <param name="IsWorse">True for more error or less agreement; a value that is no longer defined is worse, be it of one label.</param>
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
    /// <summary>Labels that only one of the two means is over, so that they cannot be compared; null where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LabelChange? Labels { get; init; }

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
            var labels = LabelChange.Between(before, now);
            Add(metric, isPerturbed: false, before?.Clean, now?.Clean, labels);
            Add(metric, isPerturbed: true, before?.Perturbed, now?.Perturbed, labels);
        }

        return moves;

        void Add(string metric, bool isPerturbed, double? before, double? now, LabelChange? labels)
        {
            string path = string.Create(
                CultureInfo.InvariantCulture,
                $"{received.Model}/{received.Perturbation}/{received.Strength}/seed "
                    + $"{received.Seed}/{metric}/{(isPerturbed ? "perturbed" : "clean")}"
            );
            double allowed = tolerances.For(path, metric, deviceType).Of(before ?? 0);
            if (before is null && now is null)
                return;
            if (labels is null && before is { } b && now is { } n && Math.Abs(n - b) <= allowed)
                return;
            bool isWorse =
                now is null || labels?.Lost.Count > 0 || (before is not null && (now > before) != higherIsBetter.Contains(metric));
            moves.Add(new MetricMove(path, metric, isPerturbed, before, now, allowed, isWorse) { Labels = labels });
        }
    }
}

/// <summary>Labels that a metric is defined for in one of two runs.</summary>
/// <param name="Lost">In the accepted one alone.</param>
/// <param name="Gained">In the received one alone.</param>
public sealed record LabelChange(IReadOnlyList<string> Lost, IReadOnlyList<string> Gained)
{
    /// <summary>Null where both means are over the same labels, or one of the two is none.</summary>
    internal static LabelChange? Between(MetricValue? accepted, MetricValue? received)
    {
        if (accepted?.Clean is null || received?.Clean is null)
            return null;
        IReadOnlyList<string> before = accepted.LeftOut ?? [],
            now = received.LeftOut ?? [];
        string[] lost = [.. now.Except(before, StringComparer.Ordinal)],
            gained = [.. before.Except(now, StringComparer.Ordinal)];
        return lost.Length + gained.Length == 0 ? null : new LabelChange(lost, gained);
    }
}
