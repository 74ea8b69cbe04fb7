using MerBench.Host.Statistics;

namespace MerBench.Host.Leaderboards;

/// <summary>Ranks systems by an error: one more than there are systems that are shown to be better. Those that the test cannot tell apart from all better ones share a rank.</summary>
internal static class Ranking
{
    /// <summary>The rank of each, in the order given.</summary>
    /// <remarks>Pairs are tested on the seeds and clips of both (<see cref="CrossedTTest"/>), on clips averaged over seeds where they have no seed in common; p is corrected by Holm over all pairs.</remarks>
    public static IReadOnlyList<int> Of(IReadOnlyList<ErrorTable> systems)
    {
        (int First, int Second)[] pairs = [.. Enumerable.Range(0, systems.Count).SelectMany(i => Enumerable.Range(i + 1, systems.Count - i - 1).Select(j => (i, j)))];
        ErrorTable?[] differences = [.. pairs.Select(p => ErrorTable.Difference(systems[p.First], systems[p.Second]) ?? ErrorTable.Difference(OverSeeds(systems[p.First]), OverSeeds(systems[p.Second])))];
        IReadOnlyList<PairedChange?> tests = PairedChange.Of([.. differences.Select(PairedTest.Of)]);
        int[] ranks = [.. systems.Select(_ => 1)];
        for (int i = 0; i < pairs.Length; i++)
        {
            if (tests[i] is { IsWorse: true } || IsAlways(differences[i], d => d > 0)) ranks[pairs[i].First]++;
            else if (tests[i] is { IsBetter: true } || IsAlways(differences[i], d => d < 0)) ranks[pairs[i].Second]++;
        }

        return ranks;
    }

    // Differences that are all the same cannot be tested, and need not be.
    private static bool IsAlways(ErrorTable? differences, Func<double, bool> holds) => differences is not null && PairedTest.Of(differences) is null && differences.Rows().All(holds);

    private static ErrorTable OverSeeds(ErrorTable errors) => ErrorTable.Of(errors.Clips.Zip(errors.OverSeeds(), (clip, error) => (0, clip, error)))!;
}
