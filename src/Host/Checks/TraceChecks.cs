using System.Globalization;
using MathNet.Numerics.Statistics;
using MerBench.Host.Results;

namespace MerBench.Host.Checks;

/// <summary>Judges a search by what it saw: gradients that lead nowhere, a search that was still rising, a result that is not the best point seen.</summary>
internal static class TraceChecks
{
    private const int LeastCalls = 10;
    private const double LastTenth = 0.9,
        LargestLateGain = 0.05,
        LargestLoss = 0.03,
        ShareOfClips = 0.05,
        Explosion = 1e6;

    /// <param name="traces">One a clip.</param>
    /// <param name="clean">The objective at the clean inputs.</param>
    /// <param name="returned">The objective at what the attack returned.</param>
    public static IEnumerable<Doubt> Of(IReadOnlyList<ClipTrace> traces, IReadOnlyList<float> clean, IReadOnlyList<float> returned)
    {
        foreach (Doubt doubt in OfGradients(traces))
            yield return doubt;
        if (traces.All(t => t.Values.Count == 0))
            yield break;

        double[] best = [.. traces.Select((t, i) => (double)Best(t.Values, clean[i]))];
        double gain = best.Select((b, i) => b - clean[i]).Average();
        if (gain <= 0)
            yield break;
        if (traces.All(t => t.GradientLengths.Count >= LeastCalls))
        {
            double late =
                traces.Select((t, i) => best[i] - Best(t.Values.Take((int)(t.Values.Count * LastTenth)), clean[i])).Average() / gain;
            if (late > LargestLateGain)
                yield return new Doubt(
                    "not-converged",
                    Text($"the last tenth of its calls brought {late:0 %} of its gain; give it more steps")
                );
        }

        double lost = best.Select((b, i) => b - returned[i]).Average() / gain;
        if (lost > LargestLoss)
            yield return new Doubt("not-the-best", Text($"it returned points whose gain is {lost:0 %} below that of the best ones it saw"));
    }

    private static IEnumerable<Doubt> OfGradients(IReadOnlyList<ClipTrace> traces)
    {
        float[] all = [.. traces.SelectMany(t => t.GradientLengths)];
        if (all.Length == 0)
            yield break;
        double notANumber = all.Count(float.IsNaN) / (double)all.Length;
        if (notANumber > 0)
            yield return new Doubt("gradient-nan", Text($"{notANumber:0.# %} of the gradients hold values that are not numbers"));

        int zero = traces.Count(t => t.GradientLengths.Count > 0 && t.GradientLengths.Count(g => g == 0) * 2 >= t.GradientLengths.Count);
        if (zero > ShareOfClips * traces.Count)
            yield return new Doubt(
                "gradient-zero",
                Text(
                    $"for {zero} of {traces.Count} clips at least half of the gradients are zero, so that there was nothing to follow; compare with an attack that only asks for predictions"
                )
            );

        double[] usable = [.. all.Where(g => g > 0).Select(g => (double)g)];
        if (usable.Length > 0 && (Array.Exists(usable, double.IsInfinity) || usable.Max() > Explosion * usable.Median()))
            yield return new Doubt(
                "gradient-explodes",
                Text($"gradients reach a length of {usable.Max():g2}, where their median is {usable.Median():g2}")
            );
    }

    private static float Best(IEnumerable<float> values, float start) => values.Where(v => !float.IsNaN(v)).Aggregate(start, Math.Max);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
