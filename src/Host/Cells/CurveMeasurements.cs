using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Plugins;
using MerBench.Host.Plugins.Guests;
using MerBench.Host.Results;

namespace MerBench.Host.Cells;

/// <summary>Sums up what a cell did to predictions over time.</summary>
/// <param name="clips">Rows with curves.</param>
internal sealed class CurveMeasurements(LabelSpace emotions, RatedMoments moments, TimeWindow? window, IReadOnlyList<ClipRow> clips)
{
    private const double ShareOfLargest = 0.1;

    /// <summary>The curve of a clip, from what was rated and predicted; null where clips are rated as wholes.</summary>
    public static ClipCurve? Gather(Clip clip, Prediction clean, Prediction perturbed)
    {
        if (clip.EmotionCurve is not { } rated || clean.Curve is null || perturbed.Curve is null)
            return null;
        int emotions = clip.Emotion.Length;
        return new ClipCurve(Widen(rated.Ratings), Frames(clean.Curve), Frames(perturbed.Curve), rated.Sd is { } sd ? Widen(sd) : null);

        double[][] Frames(float[] curve) => Widen(curve.Chunk(emotions));
        double[][] Widen(IEnumerable<float[]> frames) => [.. frames.Select(f => Array.ConvertAll(f, v => (double)v))];
    }

    public OverTimeResult Summarise(IReadOnlyList<PluginUse> metrics)
    {
        double?[] harm = [.. Enumerable.Range(0, moments.Count).Select(k => Mean(clips.Select(c => c.Curve!.MeasureHarm(k))))];
        double[] change = [.. Enumerable.Range(0, moments.Count).Select(k => Mean(clips.Select(c => c.Curve!.MeasureChange(k))) ?? 0)];
        (ClipRow worst, int moment) = FindLargest();
        var songs = metrics.ToDictionary(m => m.Plugin.Id, m => Ask(m, MeasureSongs), StringComparer.Ordinal);
        return new OverTimeResult(
            moments.HopSeconds,
            songs.ToDictionary(m => m.Key, m => m.Value.Result, StringComparer.Ordinal),
            metrics.ToDictionary(m => m.Plugin.Id, m => Ask(m, MeasureFrames), StringComparer.Ordinal),
            harm,
            change,
            new MomentOfHarm(worst.Clip, moments.Seconds(moment), worst.Curve!.MeasureHarm(moment))
        )
        {
            SongsLeftOut = songs
                .Where(m => m.Value.LeftOut.Count > 0)
                .ToDictionary(m => m.Key, m => m.Value.LeftOut, StringComparer.Ordinal),
            Reach = window is null ? null : MeasureReach(window, change),
            Example = Show(worst),
        };
    }

    private (ClipRow Clip, int Moment) FindLargest() =>
        clips
            .SelectMany(c => Enumerable.Range(0, moments.Count).Select(k => (Clip: c, Moment: k)))
            .Where(m => double.IsFinite(m.Clip.Curve!.MeasureHarm(m.Moment)))
            .MaxBy(m => m.Clip.Curve!.MeasureHarm(m.Moment));

    private ReachBeyondWindow MeasureReach(TimeWindow window, double[] change)
    {
        double end = Math.Min(window.To, moments.Seconds(moments.Count));
        double[] distance = [.. Enumerable.Range(0, moments.Count).Select(k => DistanceFrom(window, moments.Seconds(k)))];
        double all = change.Sum(),
            largest = change.Max(),
            outside = change.Where((_, k) => distance[k] > 0).Sum();
        double reach = distance.Where((_, k) => largest > 0 && change[k] >= ShareOfLargest * largest).DefaultIfEmpty(0).Max();
        return new ReachBeyondWindow(window.From, end, all > 0 ? outside / all : 0, reach);
    }

    private static double DistanceFrom(TimeWindow window, double seconds) =>
        Math.Max(0, Math.Max(window.From - seconds, seconds - window.To));

    private static T Ask<T>(PluginUse use, Func<IMetric, T> measure)
    {
        string plugin = use.Plugin.Id;
        return GuestCall.Blame(plugin, () => GuestCall.Run(plugin, () => measure(use.Create<IMetric>())));
    }

    private MetricResult MeasureFrames(IMetric metric) =>
        new(LabelBy((label, _) => Measure(metric, [.. clips.SelectMany(c => RatedFrames(c.Curve!, label))])));

    private (MetricResult Result, IReadOnlyDictionary<string, int> LeftOut) MeasureSongs(IMetric metric)
    {
        var leftOut = new Dictionary<string, int>(StringComparer.Ordinal);
        var result = new MetricResult(
            LabelBy(
                (label, name) =>
                {
                    MetricValue[] songs = [.. clips.Select(c => Measure(metric, [.. RatedFrames(c.Curve!, label)]))];
                    MetricValue[] defined = [.. songs.Where(s => s.Harm is not null)];
                    if (defined.Length < songs.Length)
                        leftOut[name] = songs.Length - defined.Length;
                    return new MetricValue(defined.Average(s => s.Clean), defined.Average(s => s.Perturbed), defined.Average(s => s.Harm));
                }
            )
        );
        return (result, leftOut);
    }

    private Dictionary<string, MetricValue> LabelBy(Func<int, string, MetricValue> measure) =>
        emotions
            .Names.Select((name, label) => (name, label))
            .ToDictionary(l => l.name, l => measure(l.label, l.name), StringComparer.Ordinal);

    private static MetricValue Measure(IMetric metric, (double Rated, double Clean, double Perturbed)[] frames)
    {
        double[] rated = Array.ConvertAll(frames, f => f.Rated);
        return MetricValue.From(
            metric.Compute(rated, Array.ConvertAll(frames, f => f.Clean)),
            metric.Compute(rated, Array.ConvertAll(frames, f => f.Perturbed)),
            metric.HigherIsBetter
        );
    }

    private static IEnumerable<(double Rated, double Clean, double Perturbed)> RatedFrames(ClipCurve curve, int label) =>
        curve
            .Rated.Select((rated, k) => (rated[label], curve.Clean[k][label], curve.Perturbed[k][label]))
            .Where(f => double.IsFinite(f.Item1));

    private static CurveExample Show(ClipRow clip)
    {
        ClipCurve curve = clip.Curve!;
        return new CurveExample(
            clip.Clip,
            Numbers(curve.Rated),
            curve.Sd is { } sd ? Numbers(sd) : null,
            Numbers(curve.Clean),
            Numbers(curve.Perturbed)
        );

        double?[][] Numbers(double[][] frames) =>
            Array.ConvertAll(frames, f => Array.ConvertAll(f, v => double.IsFinite(v) ? v : (double?)null));
    }

    private static double? Mean(IEnumerable<double> values) => values.Where(double.IsFinite).Select(v => (double?)v).Average();
}
