using MerBench.Host.Results;

namespace MerBench.Tests.Results;

public sealed class RaterResultTests
{
    [Test]
    public void Harm_is_counted_in_errors_of_a_rater_and_moves_in_deviations()
    {
        ClipRow[] rows = [new("a", [0.5, 0.5], [0.5, 0.5], [0.7, 0.5]), new("b", [0.5, 0.5], [0.5, 0.4], [0.52, 0.4])];
        RaterResult result = RaterResult.Measure(
            rows,
            [
                [0.09f, 0.2f],
                [0.11f, 0f],
            ]
        )!;
        // Deviations are float32. scipy 1.10: stats.norm.expect(abs) is sqrt(2/pi) = 0.7978845608028654; harm is (.1 + .01) / 2.
        Assert.That(result.RaterError, Is.EqualTo(0.7978845608028654 * 0.1).Within(1e-8));
        Assert.That(result.Harm, Is.EqualTo(0.055 / (0.7978845608028654 * 0.1)).Within(1e-7));
        Assert.That(
            (result.MovedBySd, result.MovedByTwoSd),
            Is.EqualTo((0.5, 0.5)),
            "what does not move is no success, however sure raters are"
        );
        Assert.That(
            RaterResult.Measure(
                rows,
                [
                    [0.1f, 0.2f],
                    null,
                ]
            ),
            Is.Null
        );
    }

    [Test]
    public void Likelihood_and_coverage_are_those_of_the_normal_distribution()
    {
        var clean = new PredictedSpread([0.5, 0.2], [0.1, 0.2]);
        var perturbed = new PredictedSpread([0.9, 0.2], [0.1, 0.2]);
        SpreadResult result = SpreadResult.Measure([([0.6, 0.3], clean, perturbed)]);
        // scipy 1.10: -mean(stats.norm.logpdf([.6, .3], [.5, .2], [.1, .2])), the same for [.9, .2].
        Assert.That(result.NegativeLogLikelihood.Clean, Is.EqualTo(-0.7245729695094003).Within(1e-9));
        Assert.That(result.NegativeLogLikelihood.Perturbed, Is.EqualTo(1.2754270304906004).Within(1e-9));
        Assert.That((result.Coverage.Clean, result.Coverage.Perturbed), Is.EqualTo((1.0, 0.5)));
        Assert.That(result.Coverage.Harm, Is.EqualTo(0.3).Within(1e-12), "from .1 to .4 away from .9");
    }
}
