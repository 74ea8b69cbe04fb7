using MathNet.Numerics.Statistics;

namespace MerBench.Host.Statistics;

/// <summary>An interval that is to hold the true mean 95 times of 100.</summary>
public sealed record Interval(double Low, double High);

/// <summary>
/// Bootstrap of a mean over seeds and clips: seeds are drawn with replacement, and clips with replacement, the same clips for all seeds,
/// because each seed was tested on
/// the same clips (Owen 2007, "The pigeonhole bootstrap"). With one seed only clips are drawn.
/// </summary>
public static class HierarchicalBootstrap
{
    /// <summary>Draws of the intervals that are reported.</summary>
    public const int Resamples = 10_000;

    /// <summary>The percentile interval of 95 %.</summary>
    /// <param name="resamples">How often the table is drawn anew.</param>
    /// <param name="random">Where draws come from; the same stream gives the same interval.</param>
    public static Interval Estimate(ErrorTable table, RandomStream random, int resamples = Resamples)
    {
        int seeds = table.Seeds.Count,
            clips = table.Clips.Count;
        var means = new double[resamples];
        var seedCounts = new int[seeds];
        var clipCounts = new int[clips];
        for (int i = 0; i < resamples; i++)
        {
            Draw(seedCounts, random);
            Draw(clipCounts, random);
            double sum = 0;
            for (int s = 0; s < seeds; s++)
            {
                if (seedCounts[s] == 0)
                    continue;
                double ofSeed = 0;
                for (int c = 0; c < clips; c++)
                    ofSeed += clipCounts[c] * table[s, c];
                sum += seedCounts[s] * ofSeed;
            }

            means[i] = sum / seeds / clips;
        }

        return new Interval(means.QuantileCustom(0.025, QuantileDefinition.R7), means.QuantileCustom(0.975, QuantileDefinition.R7));
    }

    private static void Draw(int[] counts, RandomStream random)
    {
        Array.Clear(counts);
        for (int i = 0; i < counts.Length; i++)
            counts[random.NextInt32(counts.Length)]++;
    }
}
