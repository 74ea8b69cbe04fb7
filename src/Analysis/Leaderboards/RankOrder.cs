using MerBench.Host.Statistics;

namespace MerBench.Analysis.Leaderboards;

/// <summary>Ranks systems by an error: one more than there are systems that are shown to be better. Those of which none can be told to be
/// better than the other share a rank.</summary>
internal static class RankOrder
{
    /// <summary>The rank of each, in the order given.</summary>
    /// <remarks>
    /// One is shown to be better by the test of the pair, or by 95 % intervals that do not overlap: with few seeds the test can hardly tell
    /// anything, however far apart they are. Pairs are tested on the seeds and clips of both
    /// (<see cref="CrossedTTest"/>), on clips averaged over seeds where they have no seed in common; p is corrected by Holm over all pairs.
    /// </remarks>
    public static IReadOnlyList<int> Rank(IReadOnlyList<(ErrorTable Errors, Interval Interval)> systems)
    {
        (int First, int Second)[] pairs =
        [
            .. Enumerable.Range(0, systems.Count).SelectMany(i => Enumerable.Range(i + 1, systems.Count - i - 1).Select(j => (i, j))),
        ];
        ErrorTable?[] differences = [.. pairs.Select(p => Difference(systems[p.First].Errors, systems[p.Second].Errors))];
        IReadOnlyList<PairedChange?> tests = PairedChange.Correct([.. differences.Select(PairedTest.Compute)]);
        int[] ranks = [.. systems.Select(_ => 1)];
        for (int i = 0; i < pairs.Length; i++)
        {
            (int first, int second) = pairs[i];
            if (
                tests[i] is { IsWorse: true }
                || IsAlways(differences[i], d => d > 0)
                || systems[second].Interval.High < systems[first].Interval.Low
            )
                ranks[first]++;
            else if (
                tests[i] is { IsBetter: true }
                || IsAlways(differences[i], d => d < 0)
                || systems[first].Interval.High < systems[second].Interval.Low
            )
                ranks[second]++;
        }

        return ranks;
    }

    private static ErrorTable? Difference(ErrorTable first, ErrorTable second) =>
        ErrorTable.Difference(first, second) ?? ErrorTable.Difference(OverSeeds(first), OverSeeds(second));

    // Differences that are all the same cannot be tested, and need not be.
    private static bool IsAlways(ErrorTable? differences, Func<double, bool> holds) =>
        differences is not null && PairedTest.Compute(differences) is null && differences.Rows().All(holds);

    private static ErrorTable OverSeeds(ErrorTable errors) =>
        ErrorTable.Create(errors.Clips.Zip(errors.OverSeeds(), (clip, error) => (0, clip, error)))!;
}
