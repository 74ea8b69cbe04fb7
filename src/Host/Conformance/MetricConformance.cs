using System.Globalization;
using MerBench.Host.Plugins;

namespace MerBench.Host.Conformance;

/// <summary>The promises of <see cref="IMetric"/>.</summary>
internal sealed class MetricConformance(PluginUse use)
{
    private const int Clips = 50;
    private const double Rounding = 1e-9;

    private readonly double[] _actual = Drawn("actual"),
        _noise = Drawn("noise");

    public IEnumerable<(string Name, Func<CancellationToken, string?> Check)> Checks() =>
        [
            ("perfect-is-best", _ => PerfectIsBest()),
            (
                "repeats",
                _ =>
                    Metric.Compute(_actual, Noisy(0.3)).Equals(Metric.Compute(_actual, Noisy(0.3)))
                        ? null
                        : "it gives two values for the same clips"
            ),
            ("order-invariant", _ => OrderInvariant()),
            ("constants", _ => Constants()),
        ];

    private IMetric Metric => use.Create<IMetric>();

    private static double[] Drawn(string key)
    {
        RandomStream random = RandomStream.For("conformance", "metric", key);
        return [.. Enumerable.Range(0, Clips).Select(_ => random.NextDouble())];
    }

    private double[] Noisy(double share) => [.. _actual.Zip(_noise, (a, n) => ((1 - share) * a) + (share * n))];

    private string? PerfectIsBest()
    {
        double perfect = Metric.Compute(_actual, _actual),
            good = Metric.Compute(_actual, Noisy(0.3)),
            bad = Metric.Compute(_actual, Noisy(0.9));
        bool falls = Metric.HigherIsBetter ? perfect >= good && good > bad : perfect <= good && good < bad;
        return falls
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"HigherIsBetter is {Metric.HigherIsBetter}, and yet perfect predictions get {perfect:g4}, good ones {good:g4}, bad ones "
                    + $"{bad:g4}"
            );
    }

    private string? OrderInvariant()
    {
        double forth = Metric.Compute(_actual, Noisy(0.3)),
            back = Metric.Compute([.. _actual.Reverse()], [.. Noisy(0.3).Reverse()]);
        return Math.Abs(forth - back) <= Rounding * Math.Max(1, Math.Abs(forth))
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"it depends on the order of clips: {forth:g17} and {back:g17}");
    }

    private string? Constants()
    {
        var constant = new double[Clips];
        foreach ((double[] actual, double[] predicted) in new[] { (_actual, constant), (constant, _actual), (constant, constant) })
            if (double.IsInfinity(Metric.Compute(actual, predicted)))
                return "it is infinite for constant values; return NaN where it is not defined";
        return null;
    }
}
