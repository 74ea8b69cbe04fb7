namespace MerBench.Host.Results;

/// <summary>A cell beside how far raters disagree: where the dataset has their standard deviations.</summary>
/// <param name="RaterError">How far a single rater lies from the mean of all, on average over clips and emotions: the mean absolute
/// deviation of a normal distribution, <c>sd sqrt(2/pi)</c>.</param>
/// <param name="MovedBySd">Share of clips of which some emotion moved by one standard deviation of its raters.</param>
/// <param name="MovedByTwoSd">The same for two.</param>
/// <param name="Harm">How much the mean absolute error rose, in multiples of <see cref="RaterError"/>; null where all raters
/// agree.</param>
public sealed record RaterResult(double RaterError, double MovedBySd, double MovedByTwoSd, double? Harm)
{
    /// <summary>From a cell's rows; null where some clip has no standard deviations.</summary>
    /// <param name="deviations">Of each row's clip and emotion.</param>
    public static RaterResult? Measure(IReadOnlyList<ClipRow> rows, IReadOnlyList<float[]?> deviations)
    {
        if (deviations.Any(d => d is null))
            return null;
        double error = Math.Sqrt(2 / Math.PI) * deviations.Average(d => d!.Average(sd => (double)sd));
        double harm = rows.Average(r => r.Harm);
        return new RaterResult(error, Share(1), Share(2), error > 0 ? harm / error : null);

        double Share(double multiple) => rows.Zip(deviations, (r, sd) => Moves(r, sd!, multiple)).Average(moved => moved ? 1.0 : 0.0);
    }

    private static bool Moves(ClipRow row, float[] deviations, double multiple) =>
        row
            .Clean.Zip(row.Perturbed, (c, p) => Math.Abs(p - c))
            .Zip(deviations, (moved, sd) => moved > 0 && moved >= multiple * sd)
            .Any(m => m);
}

/// <summary>How well a model that predicts a spread knows its own errors; normal distributions are assumed.</summary>
/// <param name="NegativeLogLikelihood">Of the ratings, the mean over clips and emotions; harm is the difference.</param>
/// <param name="Coverage">Share of ratings within the central 90 % of what is predicted; harm is how much further from .9 it
/// lies.</param>
public sealed record SpreadResult(MetricValue NegativeLogLikelihood, MetricValue Coverage)
{
    // Of the standard normal distribution: 5 % lie above.
    private const double Quantile = 1.6448536269514722;
    private const double Nominal = 0.9;

    /// <param name="clips">Ratings with what is predicted clean and perturbed: mean and standard deviation of each emotion.</param>
    public static SpreadResult Measure(IReadOnlyList<(double[] Rating, PredictedSpread Clean, PredictedSpread Perturbed)> clips)
    {
        double cleanCoverage = Average(c => c.Clean, Covers),
            perturbedCoverage = Average(c => c.Perturbed, Covers);
        return new SpreadResult(
            MetricValue.From(Average(c => c.Clean, Surprise), Average(c => c.Perturbed, Surprise), higherIsBetter: false),
            new MetricValue(cleanCoverage, perturbedCoverage, Math.Abs(perturbedCoverage - Nominal) - Math.Abs(cleanCoverage - Nominal))
        );

        double Average(
            Func<(double[] Rating, PredictedSpread Clean, PredictedSpread Perturbed), PredictedSpread> side,
            Func<double, double, double, double> measure
        ) => clips.Average(c => c.Rating.Select((rating, e) => measure(rating, side(c).Mean[e], side(c).Sd[e])).Average());
    }

    private static double Surprise(double rating, double mean, double sd)
    {
        double distance = (rating - mean) / sd;
        return (0.5 * Math.Log(2 * Math.PI)) + Math.Log(sd) + (0.5 * distance * distance);
    }

    private static double Covers(double rating, double mean, double sd) => Math.Abs(rating - mean) <= Quantile * sd ? 1 : 0;
}

/// <summary>Mean and standard deviation of a prediction, an emotion each.</summary>
public sealed record PredictedSpread(double[] Mean, double[] Sd);
