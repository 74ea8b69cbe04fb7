using MerBench.Host.Checks;
using MerBench.Host.Checks.Models;
using MerBench.Host.Plugins;
using MerBench.Host.Results;

namespace MerBench.Tests.Checks;

public sealed class ExaminationTests
{
    [Test]
    public void A_check_is_not_asked_where_one_that_it_presumes_doubts()
    {
        ModelEvidence model = Evidence.OfPredictions(Evidence.SteadyPredictions with { Spread = 1, ApartAlone = 1 });
        Assert.That(
            Ids(Examination.ExamineModel(model, [new RandomModelCheck(), new BatchDependentCheck()])),
            Is.EqualTo(new[] { "random-model" })
        );
        Assert.That(Examination.ExamineModel(model, [new BatchDependentCheck()]), Is.Empty, "what is presumed is asked, and not told");
    }

    [Test]
    public void Arithmetic_is_compared_where_it_says_something()
    {
        Assert.That(Arithmetic(Evidence.SteadyPredictions with { Spread = 1 }, Evidence.RightGradient), Is.Zero, "a random model");
        Assert.That(Arithmetic(Evidence.SteadyPredictions with { MovedState = "mean" }, Evidence.RightGradient), Is.Zero);
        Assert.That(Arithmetic(Evidence.SteadyPredictions, null), Is.EqualTo(1), "of predictions without a gradient");
        Assert.That(Arithmetic(Evidence.SteadyPredictions, Evidence.RightGradient), Is.EqualTo(1));
    }

    [Test]
    public void Honest_evidence_is_not_doubted() => Assert.That(Examination.ExamineCell(Evidence.HonestCell), Is.Empty);

    [Test]
    public void An_attack_that_looks_for_the_smallest_perturbation_is_judged_by_saved_audio_alone()
    {
        PluginDescriptor smallest = Evidence.IterativeAttack with { MinimisesNorm = true };
        var cell = Evidence.HonestCell with { Objective = "+valence", Saved = Evidence.HonestCell.Clean };
        Assert.That(Ids(Examination.ExamineCell(cell)), Is.EqualTo(new[] { "lost-in-16-bit", "other-objective" }));
        Assert.That(Ids(Examination.ExamineCell(cell with { Attack = smallest })), Is.EqualTo(new[] { "lost-in-16-bit" }));
    }

    // How often the model was compared with float64, which ends the examination here.
    private static int Arithmetic(PredictionEvidence predictions, GradientEvidence? gradient)
    {
        int compared = 0;
        var model = new ModelEvidence
        {
            Scale = 1,
            GatherPredictions = () => predictions,
            GatherGradient = () => gradient,
            GatherArithmetic = () =>
            {
                compared++;
                throw new NotSupportedException();
            },
        };
        try
        {
            Examination.ExamineModel(model);
        }
        catch (NotSupportedException) { }

        return compared;
    }

    private static IEnumerable<string> Ids(IEnumerable<Doubt> doubts) => doubts.Select(d => d.Check);
}
