namespace MerBench.Host.Data;

/// <summary>Scalar mean and standard deviation over the features of many clips; see <see cref="StandardisationSource"/> for the two
/// formulas.</summary>
internal readonly record struct FeatureStatistics(double Mean, double StandardDeviation)
{
    public static FeatureStatistics Gather(IReadOnlyCollection<ClipStatistics> clips, StandardisationSource source)
    {
        if (source == StandardisationSource.Nothing)
            return new FeatureStatistics(0, 1);
        double mean = clips.Sum(c => c.Mean) / clips.Count;
        // A clip's mean squared distance from any value is its variance and the square of its mean's distance.
        double DistanceFromTheMean(ClipStatistics clip) => source == StandardisationSource.Recordings ? Math.Pow(clip.Mean - mean, 2) : 0;
        return new FeatureStatistics(mean, Math.Sqrt(clips.Sum(c => c.Variance + DistanceFromTheMean(c)) / clips.Count));
    }
}
