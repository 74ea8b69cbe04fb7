using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MerBench.Models.Composed.Smoothing;

/// <summary>Options of <see cref="SmoothedModel"/>.</summary>
public sealed record SmoothedOptions(
    [Description("The name of the benchmark's model that is smoothed.")] [ModelName] string Of,
    [Description(
        "Standard deviation of the Gaussian noise: of standardised features, or of samples where full scale is 1. Certified radii grow "
            + "with it, and so does the error."
    )]
    [Range(1e-6, 100)]
        double Noise,
    [Description("Draws of noise that a certificate is computed from, a clip.")] [Range(100, 1_000_000)] int Samples = 1000,
    [Description("Probability with which a clip's certificate holds for all emotions at once.")]
    [Range(0.5, 0.999999)]
        double Confidence = 0.999,
    [Description("What of the predictions under noise is the model's: their median.")]
        SmoothingStatistic Statistic = SmoothingStatistic.Median,
    [Description("Where the noise is added: features or waveform. Left out: to what the smoothed model reads.")] Domain? Input = null,
    [Description("Draws, always the same, whose median is the prediction.")] [Range(1, 10_000)] int PredictionSamples = 32,
    [Description("Other draws, whose mean attacks follow; each of their calls counts as many.")] [Range(1, 10_000)] int AttackSamples = 8
);

/// <summary>What is taken of the predictions under noise.</summary>
public enum SmoothingStatistic
{
    /// <summary>Half of the predictions lie below it.</summary>
    Median,
}
