using CsCheck;
using MerBench.Host;
using MerBench.Host.Distribution;

namespace MerBench.Tests.Distribution;

public sealed class ShardPlanTests
{
    private static readonly Gen<StudyPlan> s_plans = Gen.Select(Gen.Double[0, 1000], Gen.Double[1, 300].Array[1, 12])
        .Array[1, 9]
        .Select(models => new StudyPlan
        {
            Benchmark = "b",
            File = "b.yaml",
            Text = "",
            MerBench = "1",
            Plugins = new Dictionary<string, string>(StringComparer.Ordinal),
            Dataset = "d",
            Models =
            [
                .. models.Select(
                    (m, i) =>
                        new PlannedModel(
                            $"m{i}",
                            1,
                            $"key{i}",
                            m.Item1,
                            [.. m.Item2.Select((work, c) => new PlannedCell((100 * i) + c, $"{i}/{c}", $"{i}-{c}", work))]
                        )
                ),
            ],
        });

    [Test]
    public void Every_cell_belongs_to_one_shard_and_shards_differ_by_no_more_than_the_longest_part() =>
        Gen.Select(s_plans, Gen.Int[1, 12])
            .Sample(
                (plan, shards) =>
                {
                    IReadOnlyList<ShardPart> parts = ShardPlan.Divide(plan, shards);
                    Assert.That(
                        parts.SelectMany(p => p.Cells).Select(c => c.Index).Order(),
                        Is.EqualTo(plan.ListCells().Select(c => c.Index))
                    );
                    Assert.That(parts.Select(p => p.Shard), Is.All.InRange(1, shards));
                    double[] work = [.. Enumerable.Range(1, shards).Select(k => parts.Where(p => p.Shard == k).Sum(p => p.Work))];
                    Assert.That(work.Max() - work.Min(), Is.LessThanOrEqualTo(parts.Max(p => p.Work) + 1e-9));
                    Assert.That(
                        parts.Select(p => p.Shard).Distinct().Count(),
                        Is.EqualTo(Math.Min(shards, parts.Count)),
                        "no shard is idle while there are parts"
                    );
                }
            );

    [Test]
    public void A_model_is_divided_only_where_there_are_fewer_models_than_shards() =>
        Gen.Select(s_plans, Gen.Int[1, 12])
            .Sample(
                (plan, shards) =>
                {
                    if (plan.Models.Count >= shards)
                        Assert.That(ShardPlan.Divide(plan, shards), Has.Count.EqualTo(plan.Models.Count));
                }
            );

    [TestCase("2/7", 2, 7)]
    [TestCase("1/1", 1, 1)]
    public void A_shard_is_read(string text, int number, int count) => Assert.That(Shard.Parse(text), Is.EqualTo(new Shard(number, count)));

    [TestCase("0/3")]
    [TestCase("4/3")]
    [TestCase("1")]
    [TestCase("a/b")]
    [TestCase("-1/3")]
    public void What_is_no_shard_is_refused(string text) =>
        Assert.That(() => Shard.Parse(text), Throws.TypeOf<UserErrorException>().With.Message.Contains("Write K/N"));

    [Test]
    public void Engines_that_count_from_0_mean_the_same() => Assert.That(Shard.FromIndex(0, 3), Is.EqualTo(new Shard(1, 3)));
}
