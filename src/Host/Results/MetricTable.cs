using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;

namespace MerBench.Host.Results;

/// <summary>Computes metrics of clean and perturbed predictions from clip rows.</summary>
public sealed class MetricTable(LabelSpace emotions, IReadOnlyList<ClipRow> clips)
{
    /// <summary>Every metric, as is or on predictions clipped to the rating scale.</summary>
    public IReadOnlyDictionary<string, MetricResult> Compute(IEnumerable<PluginUse> metrics, bool clipped) =>
        metrics.ToDictionary(use => use.Plugin.Id, use => Compute(use, clipped), StringComparer.Ordinal);

    /// <summary>Share of single predictions outside the rating scale.</summary>
    public MetricValue OutOfRange()
    {
        double Share(Func<ClipRow, double[]> side) =>
            clips.Average(c => side(c).Average(v => v < emotions.Minimum || v > emotions.Maximum ? 1.0 : 0.0));
        return MetricValue.From(Share(c => c.Clean), Share(c => c.Perturbed), higherIsBetter: false);
    }

    private MetricResult Compute(PluginUse use, bool clipped)
    {
        string plugin = use.Plugin.Id;
        return GuestCall.Blame(plugin, () => GuestCall.Run(plugin, () => Compute(use.Create<IMetric>(), clipped)));
    }

    internal MetricResult Compute(IMetric metric, bool clipped)
    {
        var perLabel = new Dictionary<string, MetricValue>(StringComparer.Ordinal);
        for (int label = 0; label < emotions.Count; label++)
        {
            double[] actual = Column(c => c.Rating, label, clipped: false);
            perLabel[emotions.Names[label]] = MetricValue.From(
                metric.Compute(actual, Column(c => c.Clean, label, clipped)),
                metric.Compute(actual, Column(c => c.Perturbed, label, clipped)),
                metric.HigherIsBetter
            );
        }

        return new MetricResult(perLabel);
    }

    private double[] Column(Func<ClipRow, double[]> side, int label, bool clipped) =>
        [.. clips.Select(c => side(c)[label]).Select(v => clipped ? Math.Clamp(v, emotions.Minimum, emotions.Maximum) : v)];
}
