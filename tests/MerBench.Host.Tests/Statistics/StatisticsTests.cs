using MerBench.Host.Statistics;

namespace MerBench.Tests.Statistics;

/// <summary>
/// Against scipy 1.10.1 and numpy. The Python above each number makes it, with
/// <code>
/// import numpy as np, scipy.stats as st
/// from scipy.special import gammaln
/// x = np.sin(np.arange(1, 21)) + 0.2
/// y = np.sin(np.arange(1, 81)) + 0.1
/// a = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])   # Student 1908
/// b = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
/// </code>
/// </summary>
public sealed class StatisticsTests
{
    private const double Exactly = 1e-9;
    private static readonly double[] X = [.. Enumerable.Range(1, 20).Select(i => Math.Sin(i) + 0.2)];
    private static readonly double[] Y = [.. Enumerable.Range(1, 80).Select(i => Math.Sin(i) + 0.1)];
    private static readonly double[] Sleep = [-1.2, -2.4, -1.3, -1.3, 0, -1, -1.8, -0.8, -4.6, -1.4];

    // st.ttest_1samp(x, 0), st.ttest_rel(a, b)
    [Test]
    public void Students_paired_test()
    {
        Check(TTest.Paired(X), 1.5218523483988218, 19, 0.1445154648748399);
        Check(TTest.Paired(Sleep), -4.062127683382037, 9, 0.00283289019738427);
    }

    [Test]
    public void Differences_that_do_not_vary_are_certain_and_none_at_all_are_not_a_number()
    {
        Assert.That((TTest.Paired([0.5, 0.5]).T, TTest.Paired([0.5, 0.5]).P), Is.EqualTo((double.PositiveInfinity, 0.0)));
        Assert.That(TTest.Paired([0.0, 0.0]).P, Is.NaN);
        Assert.That((TTest.Paired([0.0, 0.0]).EquivalenceP(0.1), TTest.Paired([0.5, 0.5]).EquivalenceP(0.1)), Is.EqualTo((0.0, 1.0)));
    }

    [Test]
    public void An_interval_is_found_however_large_the_numbers_are()
    {
        Interval small = TTest.Paired([1, 2, 4]).Interval(),
            large = TTest.Paired([1e9, 2e9, 4e9]).Interval();
        Assert.That((large.Low / 1e9, large.High / 1e9), Is.EqualTo((small.Low, small.High)).Within(1e-9));
    }

    // max(st.ttest_1samp(x, -0.3, alternative='greater').pvalue, st.ttest_1samp(x, 0.3, alternative='less').pvalue)
    [Test]
    public void Two_one_sided_tests() => Assert.That(TTest.Paired(X).EquivalenceP(0.3), Is.EqualTo(0.38183347699659664).Within(Exactly));

    // st.wilcoxon(x), st.wilcoxon(y), st.wilcoxon(a, b, mode='approx') (a tie and a zero)
    [Test]
    public void Wilcoxon()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That((WilcoxonTest.Compute(X).W, WilcoxonTest.Compute(X).P), Is.EqualTo((62.0, 0.11398696899414062)));
            Assert.That(WilcoxonTest.Compute(Y).P, Is.EqualTo(0.12018512023320695).Within(Exactly));
            Assert.That((WilcoxonTest.Compute(Y).W, WilcoxonTest.Compute(Sleep).W), Is.EqualTo((1296.0, 0.0)));
            Assert.That(WilcoxonTest.Compute(Sleep).P, Is.EqualTo(0.007632441648205508).Within(Exactly));
            Assert.That(WilcoxonTest.Compute([0, 0, 0]).P, Is.EqualTo(1));
        }
    }

    // r = st.rankdata(abs(x)); (r[x > 0].sum() - r[x < 0].sum()) / r.sum()
    // dz = x.mean() / x.std(ddof=1); dz * np.exp(gammaln(19 / 2) - gammaln(18 / 2)) / np.sqrt(19 / 2)
    [Test]
    public void Effect_sizes()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(WilcoxonTest.Compute(X).RankBiserial, Is.EqualTo(0.4095238095238095).Within(Exactly));
            Assert.That(EffectSize.Compute(X).CohenDz, Is.EqualTo(0.3402965302737459).Within(Exactly));
            Assert.That(EffectSize.Compute(X).HedgesG, Is.EqualTo(0.3266541624739702).Within(Exactly));
        }
    }

    // Holm (1979); R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    [Test]
    public void Holm() =>
        Assert.That(
            HolmCorrection.Correct([0.01, 0.04, 0.03, 0.005, double.NaN]),
            Is.EqualTo(new[] { 0.03, 0.06, 0.06, 0.02, double.NaN }).Within(1e-15)
        );

    // t[s, c] = 0.3 + 0.1 sin(3 s) + 0.2 cos(2 c) + 0.05 sin(5 s c + c); S, C = 4, 6; g = t.mean()
    // ms = C * ((t.mean(1) - g)**2).sum() / (S - 1); mc = S * ((t.mean(0) - g)**2).sum() / (C - 1)
    // me = ((t - t.mean(1, keepdims=True) - t.mean(0, keepdims=True) + g)**2).sum() / ((S - 1) * (C - 1)); v = ms + mc - me
    // df = v**2 / (ms**2 / (S - 1) + mc**2 / (C - 1) + me**2 / ((S - 1) * (C - 1))); T = g / np.sqrt(v / (S * C)); 2 * st.t.sf(T, df)
    [Test]
    public void Crossed_random_effects()
    {
        TTest test = CrossedTTest.Compute(
            Table(4, 6, (s, c) => 0.3 + (0.1 * Math.Sin(3 * s)) + (0.2 * Math.Cos(2 * c)) + (0.05 * Math.Sin((5 * s * c) + c)))
        );
        Check(test, 4.136318484316952, 5.384929078312815, 0.007705406118276461);
        Assert.That(
            (test.Mean, test.StandardError),
            Is.EqualTo((0.29359334872311726, 0.07097938658164027))
                .Using<(double M, double S)>((x, y) => Math.Abs(x.M - y.M) < Exactly && Math.Abs(x.S - y.S) < Exactly)
        );
    }

    [Test]
    public void Crossed_effects_become_Students_test_where_seeds_say_the_same_or_there_is_one()
    {
        TTest clips = TTest.Paired([.. X.Take(6)]);
        Assert.That(CrossedTTest.Compute(Table(1, 6, (_, c) => X[c])), Is.EqualTo(clips));
        TTest same = CrossedTTest.Compute(Table(5, 6, (_, c) => X[c]));
        Assert.That(
            (same.T, same.DegreesOfFreedom),
            Is.EqualTo((clips.T, clips.DegreesOfFreedom)).Using<(double T, double D)>((x, y) => Math.Abs(x.T - y.T) < Exactly && x.D == y.D)
        );
    }

    // Many studies in which nothing differs, but some clips and some trainings are harder for one system.
    [Test]
    public void Rows_reject_a_true_null_far_too_often_and_the_crossed_test_does_not()
    {
        RandomStream random = RandomStream.For("null studies");
        int studies = 400,
            rows = 0,
            crossed = 0,
            missed = 0;
        for (int i = 0; i < studies; i++)
        {
            double[] seed = [.. Enumerable.Range(0, 10).Select(_ => random.NextNormal())],
                clip = [.. Enumerable.Range(0, 36).Select(_ => random.NextNormal())];
            ErrorTable table = Table(10, 36, (s, c) => seed[s] + clip[c] + random.NextNormal());
            rows += TTest.Paired(table.Rows()).P < 0.05 ? 1 : 0;
            crossed += CrossedTTest.Compute(table).P < 0.05 ? 1 : 0;
            Interval interval = HierarchicalBootstrap.Estimate(table, random.Fork("bootstrap"), resamples: 400);
            missed += interval.Low > 0 || interval.High < 0 ? 1 : 0;
        }

        TestContext.Out.WriteLine($"rejected: rows {rows}, crossed {crossed}, bootstrap misses zero {missed}, of {studies}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(rows, Is.GreaterThan(studies / 2));
            Assert.That(crossed, Is.InRange(studies * 0.025, studies * 0.085));
            Assert.That(missed, Is.LessThan(studies * 0.15));
        }
    }

    [Test]
    public void Bootstrap_intervals_are_those_of_a_normal_mean_and_the_same_each_time()
    {
        RandomStream random = RandomStream.For("normal");
        ErrorTable table = Table(1, 100, (_, _) => random.NextNormal());
        Interval first = HierarchicalBootstrap.Estimate(table, RandomStream.For("x")),
            again = HierarchicalBootstrap.Estimate(table, RandomStream.For("x"));
        TTest test = TTest.Paired(table.OverSeeds());
        Assert.That(again, Is.EqualTo(first));
        Assert.That(
            (first.Low, first.High),
            Is.EqualTo((test.Mean - (1.96 * test.StandardError), test.Mean + (1.96 * test.StandardError)))
                .Using<(double L, double H)>((x, y) => Math.Abs(x.L - y.L) < 0.02 && Math.Abs(x.H - y.H) < 0.02)
        );
    }

    [Test]
    public void A_table_keeps_the_clips_that_all_seeds_have_and_pairs_what_is_common()
    {
        ErrorTable table = ErrorTable.Create([(1, "a", 1), (1, "b", 2), (1, "c", 3), (2, "c", 4), (2, "a", 6)])!;
        ErrorTable other = ErrorTable.Create([(2, "a", 1), (2, "c", 1), (2, "d", 1), (3, "a", 1), (3, "c", 1), (3, "d", 1)])!;
        Assert.That(
            (table.Clips, table.Rows()),
            Is.EqualTo((new[] { "a", "c" }, new double[] { 1, 3, 6, 4 }))
                .Using<(IReadOnlyList<string> C, double[] V)>((x, y) => x.C.SequenceEqual(y.C) && x.V.SequenceEqual(y.V))
        );
        Assert.That(ErrorTable.Difference(table, other)!.Rows(), Is.EqualTo(new double[] { 5, 3 }));
        Assert.That(ErrorTable.Create([(1, "a", 1), (1, "b", double.NaN)]), Is.Null);
        Assert.That(ErrorTable.Create([(1, "a", 1)]), Is.Null);
        Assert.That(ErrorTable.Difference(table, ErrorTable.Create([(9, "a", 1), (9, "c", 1)])!), Is.Null);
    }

    [TestCase(0.2, 0.01, Verdict.Different)]
    [TestCase(0.0, 0.01, Verdict.Equivalent)]
    [TestCase(0.01, 0.001, Verdict.DifferentWithinMargin)]
    [TestCase(0.02, 0.5, Verdict.CannotTell)]
    public void A_verdict_says_what_is_shown(double difference, double noise, Verdict verdict)
    {
        RandomStream random = RandomStream.For("verdict");
        double[] errors = [.. Enumerable.Range(0, 120).Select(_ => random.NextNormal())];
        SystemComparison comparison = SystemComparison
            .AllPairs(
                "MAE",
                [("a", Table(3, 40, (s, c) => difference + (noise * errors[(s * 40) + c]))), ("b", Table(3, 40, (_, _) => 0))],
                margin: 0.05
            )
            .Single();
        Assert.That(comparison.Verdict, Is.EqualTo(verdict));
    }

    private static ErrorTable Table(int seeds, int clips, Func<int, int, double> value) =>
        ErrorTable.Create(from s in Enumerable.Range(0, seeds) from c in Enumerable.Range(0, clips) select (s, $"{c:000}", value(s, c)))!;

    private static void Check(TTest test, double t, double df, double p)
    {
        Assert.That(test.T, Is.EqualTo(t).Within(Exactly));
        Assert.That(test.DegreesOfFreedom, Is.EqualTo(df).Within(Exactly));
        Assert.That(test.P, Is.EqualTo(p).Within(Exactly));
    }
}
