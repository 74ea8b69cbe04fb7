namespace MerBench.Host.Results;

/// <summary>One value for clean predictions, one for perturbed ones; null where the metric is not defined.</summary>
/// <param name="Harm">How much worse the perturbed predictions are; positive is always worse, whatever the metric's direction.</param>
public sealed record MetricValue(double? Clean, double? Perturbed, double? Harm)
{
    public static MetricValue From(double clean, double perturbed, bool higherIsBetter) =>
        new(Defined(clean), Defined(perturbed), Defined(higherIsBetter ? clean - perturbed : perturbed - clean));

    private static double? Defined(double value) => double.IsFinite(value) ? value : null;
}

/// <summary>A metric over the test clips: the mean over labels, and each label.</summary>
public sealed record MetricResult(MetricValue Mean, IReadOnlyDictionary<string, MetricValue> PerLabel);

/// <summary>Sizes of a cell's perturbations; medians and maxima over clips.</summary>
/// <param name="MedianSnrDb">10 log10(sum x^2 / sum d^2) in the perturbation's domain; null when no clip was changed.</param>
/// <param name="MedianMelInversionSnrDb">The quantity that Hoedt et al. (2025) call SNR, see <see cref="MelInversionSnr"/>; null outside of the feature domain.</param>
public sealed record PerturbationSize(
    double MedianLinf, double MaxLinf, double MedianL2, double MaxL2, double? MedianSnrDb, double? MedianMelInversionSnrDb = null);

/// <summary>The measurements of one finished cell.</summary>
/// <param name="Metrics">By metric id, on predictions as they are.</param>
/// <param name="ClippedMetrics">By metric id, on predictions clipped to the rating scale.</param>
/// <param name="OutOfRange">Share of single predictions outside the rating scale; harm is the difference.</param>
/// <param name="ForwardCalls">Model forward calls of the perturbation, summed over clips.</param>
/// <param name="GradientCalls">Model gradient calls of the perturbation, summed over clips.</param>
public sealed record CellResult(
    string Key,
    string ModelKey,
    IReadOnlyDictionary<string, MetricResult> Metrics,
    IReadOnlyDictionary<string, MetricResult> ClippedMetrics,
    MetricValue OutOfRange,
    PerturbationSize Size,
    long ForwardCalls,
    long GradientCalls,
    double Seconds);

/// <summary>What was measured on one clip; a row of the cell's Parquet file.</summary>
/// <param name="SnrDb">Positive infinity when the clip was not changed.</param>
/// <param name="MelInversionSnrDb">See <see cref="MelInversionSnr"/>; null outside of the feature domain.</param>
public sealed record ClipResult(
    string Id,
    float[] Rating,
    float[] Clean,
    float[] Perturbed,
    float[]? ConceptRating,
    float[]? CleanConcepts,
    float[]? PerturbedConcepts,
    double Linf,
    double L2,
    double SnrDb,
    long ForwardCalls,
    long GradientCalls,
    double? MelInversionSnrDb = null);
