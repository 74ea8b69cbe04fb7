namespace MerBench.Host.Results;

/// <summary>Sizes of a cell's perturbations; medians and maxima over clips.</summary>
/// <param name="MedianDbfs">Root mean square of the perturbation in dB relative to full scale (1); null outside of the waveform
/// domain.</param>
/// <param name="MedianSnrDb">10 log10(sum x^2 / sum d^2) in the perturbation's domain; null when no clip was changed.</param>
/// <param name="MedianMelInversionSnrDb">The quantity that Hoedt et al. (2025) call SNR, see <c>Cells.MelInversionSnr</c>; null outside of
/// the feature domain.</param>
/// <param name="Audibility">How large they sound; null outside of the waveform domain, and in cells of versions that did not
/// measure it.</param>
public sealed record PerturbationSize(
    double MedianLinf,
    double MaxLinf,
    double MedianL2,
    double MaxL2,
    double? MedianSnrDb,
    double? MedianMelInversionSnrDb = null,
    double? MedianDbfs = null,
    AudibilitySummary? Audibility = null
);

/// <summary>What an attack maximised, a clip: at the clean inputs and at the perturbed ones.</summary>
public sealed record ObjectiveValues(IReadOnlyList<float> Clean, IReadOnlyList<float> Perturbed);

/// <summary>What is left of a perturbation of features in audio (<c>Cells.Resynthesis</c>).</summary>
/// <param name="Metrics">By metric id; means over emotions, perturbed by the features of the audio that was found.</param>
/// <param name="MedianResidual">Median over clips of the distance left, as a share of the perturbation's L2 norm: 0 is realised wholly, 1
/// not at all.</param>
/// <param name="MedianSnrDb">Median over clips of the SNR of the audio against the clean clip; null when no clip was changed.</param>
public sealed record RealisableHarm(IReadOnlyDictionary<string, MetricValue> Metrics, double MedianResidual, double? MedianSnrDb);

/// <summary>The measurements of one finished cell.</summary>
public sealed record CellResult
{
    public required string Key { get; init; }

    public required string ModelKey { get; init; }

    /// <summary>By metric id, on predictions as they are.</summary>
    public required IReadOnlyDictionary<string, MetricResult> Metrics { get; init; }

    /// <summary>By metric id, on predictions clipped to the rating scale.</summary>
    public required IReadOnlyDictionary<string, MetricResult> ClippedMetrics { get; init; }

    /// <summary>Share of single predictions outside the rating scale; harm is the difference.</summary>
    public required MetricValue OutOfRange { get; init; }

    public required PerturbationSize Size { get; init; }

    /// <summary>Model forward calls of the perturbation, summed over clips.</summary>
    public required long ForwardCalls { get; init; }

    /// <summary>Model gradient calls of the perturbation, summed over clips.</summary>
    public required long GradientCalls { get; init; }

    public required double Seconds { get; init; }

    /// <summary>What the attack maximised; null for corruptions.</summary>
    public ObjectiveValues? Objective { get; init; }

    /// <summary>In which the attack computed; results are judged in fp32 in any case.</summary>
    public Precision Precision { get; init; }

    /// <summary>Share of clips whose prediction moved by the tolerance (<see cref="MerBench.Objective.Shift"/> of 1 or more).</summary>
    public double SuccessRate { get; init; }

    /// <summary>Mean absolute change of the emotions, over clips and emotions.</summary>
    public double EmotionShift { get; init; }

    /// <summary>Mean absolute change of the concepts; null for models without concepts.</summary>
    public double? ConceptShift { get; init; }

    /// <summary>Reasons not to believe the cell, found in the cell alone.</summary>
    public IReadOnlyList<Doubt> Doubts { get; init; } = [];

    /// <summary>How many clips have each note, by key and value: <c>winner: { apgd: 30, square: 6 }</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Notes { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, int>>(StringComparer.Ordinal);

    /// <summary>Gradient calls that were not made because the same had been asked before, summed over clips.</summary>
    public long SparedCalls { get; init; }

    /// <summary>Forward and gradient calls on training clips, of attacks that learn before they see test clips.</summary>
    public long FitForwardCalls { get; init; }

    /// <summary>See <see cref="FitForwardCalls"/>.</summary>
    public long FitGradientCalls { get; init; }

    /// <summary>What is left of the harm in audio; null where it was not asked for.</summary>
    public RealisableHarm? Realisable { get; init; }

    /// <summary>What is proven at the cell's budget; null where the model proves nothing of it.</summary>
    public CertifiedResult? Certified { get; init; }

    /// <summary>What an attack that does not know of the model's defence finds; null where the model has none.</summary>
    public AdaptationResult? Adaptation { get; init; }

    /// <summary>What the cell did to predictions over time; null where the dataset rates clips as wholes.</summary>
    public OverTimeResult? OverTime { get; init; }

    /// <summary>The cell beside how far raters disagree; null where the dataset has no standard deviations.</summary>
    public RaterResult? Raters { get; init; }

    /// <summary>How well the model knows its own errors; null where it predicts no spread.</summary>
    public SpreadResult? Spread { get; init; }

    /// <summary>Each clip's L2, Linf and SNR at which its prediction moved by the tolerance; null where it did not.</summary>
    public IReadOnlyList<SizeOfSuccess?> Successes { get; init; } = [];

    /// <summary>The same without the numbers of single clips.</summary>
    public CellResult WithoutClips() => this with { Objective = null, Successes = [] };
}

/// <summary>The size of a clip's perturbation that succeeded.</summary>
public sealed record SizeOfSuccess(double Linf, double L2, double? SnrDb);
