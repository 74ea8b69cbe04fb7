using MerBench.Host.Results;

namespace MerBench.Reports.Trackers;

/// <summary>What was measured of a cell. A value that is not defined is left out, as trackers know no such thing.</summary>
internal static class CellMetrics
{
    public static IReadOnlyList<TrackedMetric> List(CellResult cell) =>
        [
            .. cell.Metrics.SelectMany(m => Sides(m.Key, m.Value.Mean)),
            .. cell.Metrics.SelectMany(m => m.Value.PerLabel.SelectMany(label => Sides($"emotions/{label.Key}/{m.Key}", label.Value))),
            .. Sides("out-of-range", cell.OutOfRange),
            new("success-rate", cell.SuccessRate),
            new("size.linf.median", cell.Size.MedianLinf),
            new("size.linf.max", cell.Size.MaxLinf),
            new("size.l2.median", cell.Size.MedianL2),
            .. Defined("size.snr-db.median", cell.Size.MedianSnrDb),
            new("calls.forward", cell.ForwardCalls),
            new("calls.gradient", cell.GradientCalls),
            new("seconds", cell.Seconds),
        ];

    private static IEnumerable<TrackedMetric> Sides(string name, MetricValue value) =>
        [
            .. Defined($"{name}.clean", value.Clean),
            .. Defined($"{name}.perturbed", value.Perturbed),
            .. Defined($"{name}.harm", value.Harm),
        ];

    private static IEnumerable<TrackedMetric> Defined(string name, double? value) =>
        value is { } number && double.IsFinite(number) ? [new TrackedMetric(name, number)] : [];
}
