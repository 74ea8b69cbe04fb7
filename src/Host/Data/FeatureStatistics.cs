namespace MerBench.Host.Data;

/// <summary>
/// Scalar mean and standard deviation over the features of many clips, as Hoedt et al. 2025 compute them: the mean of the clips' means, and
/// the root of the mean of the clips' variances.
/// </summary>
internal readonly record struct FeatureStatistics(double Mean, double StandardDeviation)
{
    public static FeatureStatistics Of(IReadOnlyCollection<ClipFeatures> clips)
    {
        double means = 0, variances = 0;
        foreach (ClipFeatures clip in clips)
        {
            double mean = 0, variance = 0;
            foreach (float value in clip.Values) mean += value;
            mean /= clip.Values.Length;
            foreach (float value in clip.Values) variance += (value - mean) * (value - mean);
            means += mean;
            variances += variance / clip.Values.Length;
        }

        return new FeatureStatistics(means / clips.Count, Math.Sqrt(variances / clips.Count));
    }
}
