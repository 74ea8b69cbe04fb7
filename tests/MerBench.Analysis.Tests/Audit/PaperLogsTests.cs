using MerBench.Analysis.Audit;

namespace MerBench.Tests.Audit;

/// <summary>The published logs of Hoedt, Flexer and Widmer (2025), against numbers recomputed from them independently in Python.</summary>
public sealed class PaperLogsTests
{
    private static LogAudit Audited() => LogAudit.Examine(AttackLogReader.Read([SharedData.Path("paper-logs")]));

    [TestCase("A2E", .732, .0957, 1.786, .502, -.320, 1.618)]
    [TestCase("A2B2E", .696, .1068, 2.029, .504, -.356, 1.515)]
    [TestCase("A2M2E", .681, .1105, 1.158, .511, -.494, .979)]
    [TestCase("aA2E", .680, .1021, 1.084, .489, -.365, .974)]
    [TestCase("aA2B2E", .667, .1051, 1.113, .508, -.420, .998)]
    public void A_system_has_its_numbers(
        string system,
        double r,
        double mae,
        double perturbedMae,
        double clippedMae,
        double perturbedR,
        double medianHarm
    )
    {
        SystemScores scores = Audited().Systems.Single(s => s.System == system);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(scores.Seeds, Has.Count.EqualTo(10));
            Assert.That(scores.R.Mean, Is.EqualTo(r).Within(0.001));
            Assert.That(scores.Mae.Mean, Is.EqualTo(mae).Within(0.00005));
            Assert.That(scores.PerturbedMae.Mean, Is.EqualTo(perturbedMae).Within(0.0005));
            Assert.That(scores.ClippedMae.Mean, Is.EqualTo(clippedMae).Within(0.0005));
            Assert.That(scores.PerturbedR.Mean, Is.EqualTo(perturbedR).Within(0.0005));
            Assert.That(scores.Harm.Median, Is.EqualTo(medianHarm).Within(0.0005));
        }
    }

    // By scipy.stats.ttest_rel on the same rows.
    [TestCase("A2E", 13.035200610467758, 4.57e-32)]
    [TestCase("A2B2E", 12.099034451702805, 1.70e-28)]
    public void The_published_t_tests_come_out(string system, double t, double p)
    {
        PairedTTest test = Audited().Tests.Single(x => x.First == system && x.Second == "A2M2E" && x.DegreesOfFreedom == 359);
        Assert.That(test.T, Is.EqualTo(t).Within(1e-9));
        Assert.That(test.P, Is.EqualTo(p).Within(0.5).Percent);
    }

    [TestCase("Perturbations larger than configured", "1790 of 1800 rows")]
    [TestCase("No attack converged", "None of 1800 rows")]
    [TestCase("Size and prediction come from different iterates", "679 of 1800 rows")]
    [TestCase("A perturbation of size zero that moves the prediction", "10 of 1800 rows")]
    [TestCase(
        "The ranking depends on the metric",
        "by unclipped MAE after the attack: aA2E, aA2B2E, A2M2E, A2E, A2B2E (best first); by clipped MAE after the attack: aA2E, A2E,"
    )]
    [TestCase("Tests count repeated measurements as independent", "df 359, but there are 36 clips")]
    public void A_finding_states_its_evidence(string title, string evidence) =>
        Assert.That(Audited().Findings.Single(f => f.Title == title).Evidence, Does.Contain(evidence));
}
