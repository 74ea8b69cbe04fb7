using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>Which of the iterates <see cref="AdamSign"/> returns.</summary>
public enum ReturnedIterate
{
    /// <summary>The last one that was predicted, whose prediction the published logs hold.</summary>
    Last,

    /// <summary>The last one that passed its correlation threshold, whose size the published logs hold.</summary>
    Threshold,
}

/// <summary>How <see cref="AdamSign"/> searches.</summary>
public sealed record AdamSignOptions(
    [Description("Gradient steps.")] [Range(1, 100_000)] int Steps = 1000,
    [Description("Adam's learning rate: about the length of a step in each input value.")] [Range(1e-9, 1e3)] double LearningRate = 0.002,
    [Description("What is returned: last (whose prediction the published logs hold) or threshold (whose size they hold).")]
        ReturnedIterate Return = ReturnedIterate.Last,
    [Description(
        "Ends a clip whose objective has not risen for this many steps, before all steps are made, so that less may be found; never when "
            + "left out."
    )]
    [Range(1, 100_000)]
        int? Patience = null
);

/// <summary>
/// The attack of Hoedt, Flexer and Widmer (SMC 2025): Adam on the sign of the objective's gradient, from the clean input. A clip's
/// threshold
/// begins at its correlation with the ratings, rounded up to a tenth, and falls by a tenth whenever an iterate's correlation is at or below
/// it; at -0.9 the clip
/// is finished. Without a budget it is the attack as released, where no bound was enforced; with <c>budgets: { linf: [0.001] }</c> it is
/// the attack as
/// configured, projected into the budget after each step.
/// <para>It costs at most one gradient call a step and clip; finished clips leave the batch.</para>
/// </summary>
[Attack(
    "adam-sign",
    Summary = "Adam on the sign of the gradient, with correlation thresholds; with or without a budget",
    Source = "Hoedt, Flexer and Widmer, Are Inherently Interpretable Models More Robust?, SMC 2025, arXiv 2508.03780"
)]
[Reference(
    """
        @inproceedings{hoedt2025,
          author    = {Hoedt, Katharina and Flexer, Arthur and Widmer, Gerhard},
          title     = {Are Inherently Interpretable Models More Robust? {A} Study in Music Emotion Recognition},
          booktitle = {Proceedings of the 22nd Sound and Music Computing Conference (SMC)},
          year      = {2025},
          doi       = {10.5281/zenodo.15837204},
          eprint    = {2508.03780},
        }
        """
)]
public sealed class AdamSign(AdamSignOptions options) : IAttack
{
    private const double Beta1 = 0.9,
        Beta2 = 0.999,
        Epsilon = 1e-8;

    /// <summary>See <see cref="Answers.AreRemembered"/>.</summary>
    internal bool RemembersAnswers { get; init; } = true;

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor returned = context.Input.clone(),
            delta = zeros_like(returned),
            mean = zeros_like(returned),
            square = zeros_like(returned);
        using var thresholds = new CorrelationThresholds(context.Targets);
        var answers = new Answers(context) { AreRemembered = RemembersAnswers };
        var patience = new Patience(context, options.Patience);
        for (int step = 1; step <= options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            Tensor point = context.Input + delta,
                finished = thresholds.Finished;
            if (patience.Ended is { } ended)
                finished = finished.logical_or(ended);
            (Tensor value, Tensor gradient, Tensor emotion) = answers.To(point, finished);
            if (answers.AllHaveEnded)
                break;
            patience.Note(value);
            Tensor kept = thresholds.Pass(emotion);
            if (options.Return == ReturnedIterate.Last)
                kept = finished.logical_not();
            returned.copy_(where(PerClip.Column(kept, point), point, returned));

            Tensor direction = SteepestStep.Usable(gradient).sign();
            mean.mul_(Beta1).add_(direction * (1 - Beta1));
            square.mul_(Beta2).add_(direction.square() * (1 - Beta2));
            Tensor length = (square.sqrt() / Math.Sqrt(1 - Math.Pow(Beta2, step))) + Epsilon;
            delta.copy_(context.Project(delta + (mean / length * (options.LearningRate / (1 - Math.Pow(Beta1, step))))));
            context.Progress?.Report((double)step / options.Steps);
        }

        patience.Report();
        return returned.MoveToOuterDisposeScope();
    }
}
