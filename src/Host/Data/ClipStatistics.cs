namespace MerBench.Host.Data;

/// <summary>Mean and variance (of the population) of one clip's features.</summary>
internal readonly record struct ClipStatistics(double Mean, double Variance)
{
    public static ClipStatistics Measure(ClipFeatures features)
    {
        double mean = 0,
            variance = 0;
        foreach (float value in features.Values)
            mean += value;
        mean /= features.Values.Length;
        foreach (float value in features.Values)
            variance += (value - mean) * (value - mean);
        return new ClipStatistics(mean, variance / features.Values.Length);
    }
}
