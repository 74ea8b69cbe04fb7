using MerBench.Analysis.Leaderboards;
using MerBench.Host.Statistics;

namespace MerBench.Host.Tests.Leaderboards;

public sealed class RankOrderTests
{
    private const int Clips = 30;

    private static ErrorTable Errors(double mean, int[] seeds, double bySeed = 0, double noise = 0.02) =>
        ErrorTable.Create(
            from seed in seeds
            let random = RandomStream.For("ranking", FormattableString.Invariant($"{mean} {seed}"))
            let shift = bySeed * ((seed % 3) - 1)
            from clip in Enumerable.Range(0, Clips)
            select (seed, $"clip {clip:00}", mean + shift + (0.01 * (clip % 5)) + (noise * ((random.NextInt32(20001) / 10000.0) - 1)))
        )!;

    private static IReadOnlyList<int> Ranks(params ErrorTable[] systems) =>
        RankOrder.Rank([
            .. systems.Select(
                (s, i) => (s, HierarchicalBootstrap.Estimate(s, RandomStream.For("ranks", FormattableString.Invariant($"{i}")), 1000))
            ),
        ]);

    [Test]
    public void Systems_that_clips_tell_apart_have_ranks_of_their_own_and_others_share_one()
    {
        int[] seeds = [1, 2];
        Assert.That(
            Ranks(Errors(0.100, seeds), Errors(0.101, seeds), Errors(0.2, seeds)),
            Is.EqualTo(new[] { 1, 1, 3 }),
            "the third is behind two"
        );
        Assert.That(Ranks(Errors(0.2, seeds), Errors(0.1, seeds)), Is.EqualTo(new[] { 2, 1 }), "in any order");
    }

    [Test]
    public void Seeds_that_differ_are_no_obstacle() =>
        Assert.That(Ranks(Errors(0.1, [1, 2]), Errors(0.2, [7, 8, 9])), Is.EqualTo(new[] { 1, 2 }));

    [Test]
    public void Intervals_far_apart_tell_what_the_test_of_few_seeds_cannot()
    {
        ErrorTable steady = Errors(0.1, [1, 2, 3]),
            moody = Errors(0.4, [1, 2, 3], bySeed: 0.2);
        Assert.That(CrossedTTest.Compute(ErrorTable.Difference(moody, steady)!).P, Is.GreaterThan(0.05));
        Assert.That(Ranks(steady, moody), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void Differences_that_are_all_the_same_need_no_test()
    {
        ErrorTable first = Errors(0.1, [1], noise: 0);
        Assert.That(
            Ranks(first, ErrorTable.Create(first.Clips.Select((clip, i) => (1, clip, first[0, i] + 0.0078125)))!, first),
            Is.EqualTo(new[] { 1, 3, 1 })
        );
    }
}
