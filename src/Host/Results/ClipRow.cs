using MerBench.Host.Hearing;

namespace MerBench.Host.Results;

/// <summary>One perturbed clip: a row of a cell's Parquet file, or of an attack log that others published. What is not known of it is
/// null.</summary>
/// <param name="Clip">Its id.</param>
/// <param name="Rating">One number an emotion, as in predictions.</param>
/// <param name="Clean">Prediction for the clean clip.</param>
/// <param name="Perturbed">Prediction for the perturbed one, as it is: not clipped to the rating scale.</param>
public sealed record ClipRow(string Clip, double[] Rating, double[] Clean, double[] Perturbed)
{
    /// <summary>Errors of both predictions.</summary>
    public PairedError Error => new(ClipError.Measure(Rating, Clean), ClipError.Measure(Rating, Perturbed));

    /// <summary>How much the perturbation raised the error.</summary>
    public double Harm => Error.Harm;

    /// <summary>L-infinity norm of the perturbation.</summary>
    public double? Linf { get; init; }

    /// <summary>L2 norm of the perturbation.</summary>
    public double? L2 { get; init; }

    /// <summary>Signal-to-noise ratio in dB, in the perturbation's domain; positive infinity when the clip was not changed. In logs as
    /// their authors define it.</summary>
    public double? SnrDb { get; init; }

    /// <summary>The audio that was found for perturbed features; null where it was not asked for.</summary>
    public RealisedClip? Realised { get; init; }

    /// <summary>Emotions over time; null where clips are rated as wholes, and in rows that were read.</summary>
    public ClipCurve? Curve { get; init; }

    /// <summary>Clean and perturbed prediction with their spread; null where the model predicts none, and in rows that were read.</summary>
    public (PredictedSpread Clean, PredictedSpread Perturbed)? Spread { get; init; }

    /// <summary>Where the row stands: its line in a CSV file, its number in a Parquet file, from 1; 0 for one that was not read.</summary>
    public int Line { get; init; }

    /// <summary>Whether the attack reached its own goal; told by logs alone, as are the next three.</summary>
    public bool? Converged { get; init; }

    /// <summary>The correlation that the attack was to reach next.</summary>
    public double? Threshold { get; init; }

    /// <summary>The largest L2 norm that the attack was configured to use.</summary>
    public double? BudgetL2 { get; init; }

    /// <summary>The largest L-infinity norm that the attack was configured to use.</summary>
    public double? BudgetLinf { get; init; }

    /// <summary>What only the cell that perturbs the clip knows; written, and not read back.</summary>
    public ClipMeasurements Measured { get; init; } = ClipMeasurements.None;

    /// <summary>How much the perturbation raised the error of one emotion.</summary>
    public double HarmOfEmotion(int emotion) =>
        ClipError.Harm(ClipError.Difference(Rating[emotion], Clean[emotion]), ClipError.Difference(Rating[emotion], Perturbed[emotion]));

    /// <summary>How much another prediction than the clean one raises the error, such as that for audio that was written.</summary>
    public double HarmOf(double[] prediction) => ClipError.Harm(Error.Clean, ClipError.Measure(Rating, prediction));

    /// <summary>Error of the perturbed prediction, clipped to the rating scale.</summary>
    public double ClippedError(double minimum, double maximum) =>
        ClipError.Measure(Rating, Array.ConvertAll(Perturbed, p => Math.Clamp(p, minimum, maximum)));
}

/// <summary>The audio that <c>Cells.Resynthesis</c> found for a clip's perturbed features.</summary>
/// <param name="Prediction">What the model predicts for it.</param>
/// <param name="Residual">Distance that it leaves, as a share of the perturbation.</param>
/// <param name="SnrDb">Its SNR against the clean clip.</param>
public sealed record RealisedClip(double[] Prediction, double Residual, double SnrDb);

/// <summary>Concepts of a clip: rated, predicted for the clean clip, predicted for the perturbed one; null where there are none.</summary>
public sealed record ClipConcepts(float[]? Rating, float[]? Clean, float[]? Perturbed);

/// <summary>What a cell measures on a clip beside predictions and the size of the perturbation.</summary>
public sealed record ClipMeasurements
{
    /// <summary>Of a row that no cell of this run has measured.</summary>
    public static ClipMeasurements None { get; } = new();

    /// <summary>The change that the objective is about, in multiples of the tolerance; 1 or more is a success.</summary>
    public double Shift { get; init; }

    /// <summary>What the attack maximised, clean and perturbed.</summary>
    public (float Clean, float Perturbed) Objective { get; init; }

    public ClipConcepts Concepts { get; init; } = new(null, null, null);

    /// <summary>See <c>Cells.MelInversionSnr</c>; null outside of the feature domain.</summary>
    public double? MelInversionSnrDb { get; init; }

    /// <summary>How large the perturbation sounds; null outside of the waveform domain.</summary>
    public Audibility? Audibility { get; init; }

    public long ForwardCalls { get; init; }

    public long GradientCalls { get; init; }

    /// <summary>What the attack noted, by key.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
