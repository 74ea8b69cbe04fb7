using MerBench.Analysis.Audit;
using MerBench.Host.IO;
using MerBench.Host.Results;
using MerBench.Host.Statistics;

namespace MerBench.Tests.Audit;

public sealed class AuditStatisticsTests
{
    // numpy.percentile and matplotlib.cbook.boxplot_stats of these values.
    [Test]
    public void A_spread_has_numpys_quartiles_and_matplotlibs_whiskers()
    {
        Spread spread = Spread.Compute([1, 2, 3, 4, 5, 6, 7, 30]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((spread.Q1, spread.Median, spread.Q3), Is.EqualTo((2.75, 4.5, 6.25)));
            Assert.That((spread.Low, spread.High), Is.EqualTo((1.0, 7.0)));
            Assert.That(spread.Mean, Is.EqualTo(7.25));
            Assert.That(spread.Sd, Is.EqualTo(Math.Sqrt(77.4375)).Within(1e-12));
        }
    }

    // Student 1908, the sleep data: R's t.test(extra ~ group, paired = TRUE) prints t = -4.0621, df = 9, p-value = 0.002833.
    [Test]
    public void The_paired_t_test_agrees_with_Students_sleep_data()
    {
        double[] first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
            second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        PairedTTest test = PairedTTest.Test("a", "b", "people", first, second);
        Assert.That(
            (test.T, test.P),
            Is.EqualTo((-4.0621, 0.002833)).Using<(double T, double P)>((x, y) => Math.Abs(x.T - y.T) < 5e-5 && Math.Abs(x.P - y.P) < 5e-7)
        );
        Assert.That(
            (test.DegreesOfFreedom, test.Difference),
            Is.EqualTo((9, -1.58)).Using<(int D, double M)>((x, y) => x.D == y.D && Math.Abs(x.M - y.M) < 1e-12)
        );
    }

    [Test]
    public void What_is_not_defined_is_null_in_JSON_and_NaN_in_Spread()
    {
        Spread nothing = Spread.Compute([double.NaN, double.NaN]);
        Assert.That(nothing.Mean, Is.NaN);
        string json = System.Text.Json.JsonSerializer.Serialize(nothing, ResultJson.Options);
        Assert.That(json, Does.Contain("\"mean\": null"));
        Assert.That(System.Text.Json.JsonSerializer.Deserialize<Spread>(json, ResultJson.Options), Is.EqualTo(nothing));
    }

    [Test]
    public void An_attack_without_faults_gives_no_finding_and_a_comparison_without_common_clips_no_test()
    {
        ClipLog Log(string system, int seed, string clips) =>
            new(
                system,
                seed,
                "",
                ["valence", "energy"],
                [
                    .. clips.Select(
                        (c, i) =>
                            new ClipRow(c.ToString(), [0.1 + (0.1 * i), 0.5], [0.1, 0.4 + (0.05 * i)], [0.6 - (0.1 * i), 0.3])
                            {
                                Line = i + 2,
                                L2 = 0.05,
                                SnrDb = 40,
                                Converged = true,
                                Threshold = -0.9,
                                BudgetLinf = 0.1,
                            }
                    ),
                ]
            );
        Assert.That(LogAudit.Examine([Log("one", 1, "abc")], inputValues: 4).Findings, Is.Empty);
        Assert.That(LogAudit.Examine([Log("one", 1, "abc"), Log("two", 1, "abd")], inputValues: 4).Tests, Is.Empty);
        Assert.That(
            LogAudit.Examine([Log("one", 1, "abc"), Log("two", 1, "abc")], inputValues: 4).Tests.Select(t => t.Unit),
            Is.EqualTo(new[] { "rows (seed x clip)", "clips" })
        );
    }
}
