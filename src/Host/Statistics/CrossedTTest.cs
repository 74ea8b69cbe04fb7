namespace MerBench.Host.Statistics;

/// <summary>
/// Test of a mean whose values lie in a table of seeds and clips, both of them random: the mixed model <c>x = mu + seed + clip + error</c>
/// with crossed
/// random effects, balanced, by the quasi-F ratio (Clark, "The language-as-fixed-effect fallacy", 1973, F') and Satterthwaite's (1946)
/// degrees of freedom.
/// A row-by-row t-test takes each seed of a clip for another clip; this one generalises to other clips and to other trainings.
/// </summary>
public static class CrossedTTest
{
    /// <summary>Tests the mean of a table. With one seed, or one clip, it is Student's t-test over the other.</summary>
    /// <remarks>
    /// The squared standard error is <c>(MS_seed + MS_clip - MS_error) / n</c>. Where the estimate of a component's variance is negative it
    /// is
    /// taken for zero.
    /// </remarks>
    public static TTest Compute(ErrorTable table)
    {
        int seeds = table.Seeds.Count,
            clips = table.Clips.Count;
        if (seeds == 1)
            return TTest.Paired(table.OverSeeds());
        if (clips == 1)
            return TTest.Paired(table.OverClips());
        double mean = table.Mean();
        double[] bySeed = table.OverClips(),
            byClip = table.OverSeeds();
        double seedSquare = clips * bySeed.Sum(s => (s - mean) * (s - mean)) / (seeds - 1);
        double clipSquare = seeds * byClip.Sum(c => (c - mean) * (c - mean)) / (clips - 1);
        double errorSquare = 0;
        for (int s = 0; s < seeds; s++)
        for (int c = 0; c < clips; c++)
            errorSquare += Math.Pow(table[s, c] - bySeed[s] - byClip[c] + mean, 2);
        errorSquare /= (seeds - 1.0) * (clips - 1);
        return Compute(mean, seeds, clips, seedSquare, clipSquare, errorSquare);
    }

    /// <summary>The same from mean squares, for tables that were summed up elsewhere; those of a single seed, or clip, do not
    /// count.</summary>
    internal static TTest Compute(double mean, int seeds, int clips, double seedSquare, double clipSquare, double errorSquare)
    {
        double n = (double)seeds * clips;
        if (seeds == 1)
            return TTest.Create(mean, Math.Sqrt(clipSquare / n), clips - 1);
        if (clips == 1)
            return TTest.Create(mean, Math.Sqrt(seedSquare / n), seeds - 1);
        if (seedSquare <= errorSquare && clipSquare <= errorSquare)
            return TTest.Create(mean, Math.Sqrt(errorSquare / n), (seeds - 1.0) * (clips - 1));
        if (seedSquare <= errorSquare)
            return TTest.Create(mean, Math.Sqrt(clipSquare / n), clips - 1);
        if (clipSquare <= errorSquare)
            return TTest.Create(mean, Math.Sqrt(seedSquare / n), seeds - 1);

        double sum = seedSquare + clipSquare - errorSquare;
        double degrees =
            sum
            * sum
            / (
                (seedSquare * seedSquare / (seeds - 1))
                + (clipSquare * clipSquare / (clips - 1))
                + (errorSquare * errorSquare / ((seeds - 1.0) * (clips - 1)))
            );
        return TTest.Create(mean, Math.Sqrt(sum / n), degrees);
    }
}
