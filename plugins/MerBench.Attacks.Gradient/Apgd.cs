using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>How <see cref="Apgd"/> searches.</summary>
public sealed record ApgdOptions(
    [Description("Gradient steps of each restart.")] [Range(1, 100_000)] int Steps = 40,
    [Description("How often to start; the best result of each clip is kept.")] [Range(1, 1000)] int Restarts = 1,
    [Description(
        "Whether the first start is a random point of the ball instead of the clean input; later ones always are, and so is the first "
            + "under objectives that compare with the clean prediction."
    )]
        bool RandomStart = false,
    [Description("Length of the first step, as a share of the budget.")] [Range(1e-6, 10)] double FirstStep = 1,
    [Description("Share of the direction so far that each step keeps; 0 follows the last gradient alone.")]
    [Range(0, 0.999)]
        double Momentum = 0.5,
    [Description(
        "The step length is kept at a checkpoint where at least this share of the steps since the last one raised the objective, and "
            + "halved elsewhere."
    )]
    [Range(0, 1)]
        double Rho = 0.75,
    [Description(
        "Ends a restart of a clip whose objective has not risen for this many steps, before all steps are made, so that less may be "
            + "found; never when left out."
    )]
    [Range(1, 100_000)]
        int? Patience = null
);

/// <summary>
/// Auto-PGD (Croce and Hein, ICML 2020, algorithm 1), for any objective: steepest steps with momentum, whose length is halved, clip by
/// clip, at checkpoints where progress was poor; the search then goes on
/// from the best point. Of all points visited, the clean input included where it was looked at, it returns the one with the highest
/// objective.
/// <para>
/// Three things differ from the paper, since few calls must go far: the length begins at one radius instead of two and also falls along
/// half a cosine over the steps, so that a short search ends in
/// small steps too; the momentum gathers gradients, each divided by its mean magnitude (Dong et al., CVPR 2018, equation 6), instead of
/// moves; and the first start is the clean input. Objectives that
/// compare with the clean prediction are flat there, and what gradient they have is rounding noise: they start at a random point, and so do
/// clips whose gradient is zero at the clean input.
/// </para>
/// <para>
/// It costs at most <c>restarts * steps</c> gradient calls, and one forward call a restart for the point after the last step. Elements of a
/// gradient that are not finite count as zero; a point whose objective is
/// not a number is never kept.
/// </para>
/// </summary>
[Attack(
    "apgd",
    Summary = "Auto-PGD: step sizes that adapt, restarts from the best point, momentum",
    Source = "Croce and Hein 2020, arXiv 2003.01690"
)]
[Reference(
    """
        @inproceedings{croce2020,
          author    = {Croce, Francesco and Hein, Matthias},
          title     = {Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks},
          booktitle = {International Conference on Machine Learning (ICML)},
          year      = {2020},
          pages     = {2206--2216},
          eprint    = {2003.01690},
        }
        """
)]
public sealed class Apgd(ApgdOptions options) : IAttack
{
    private readonly HashSet<int> _checkpoints = [.. ApgdCheckpoints.Plan(options.Steps)];

    /// <summary>See <see cref="Answers.AreRemembered"/>.</summary>
    internal bool RemembersAnswers { get; init; } = true;

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var ball = new Ball(context, "apgd");
        var best = new BestIterate(context.Input);
        bool isRandom = options.RandomStart || context.Objective.NeedsClean;
        if (isRandom)
        {
            cancel.ThrowIfCancellationRequested();
            best.Consider(context.Input, context.CleanValue());
        }

        for (int restart = 0; restart < options.Restarts; restart++)
            Climb(context, ball, best, restart, isRandom || restart > 0, cancel);
        return best.Input.MoveToOuterDisposeScope();
    }

    private void Climb(AttackContext context, Ball ball, BestIterate best, int restart, bool isRandom, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        Tensor random = ball.RandomPoint();
        Tensor delta = isRandom ? random.clone() : zeros_like(context.Input);
        Tensor momentum = zeros_like(delta);
        var climb = new ApgdProgress(delta, ball.Radius * options.FirstStep, options.Rho);
        var answers = new Answers(context) { AreRemembered = RemembersAnswers };
        var patience = new Patience(context, options.Patience);
        for (int step = 0; step < options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            Tensor point = ball.Apply(delta);
            (Tensor value, Tensor found, _) = answers.To(point, patience.Ended);
            if (answers.AllHaveEnded)
                break;
            best.Consider(point, value);
            patience.Note(value);
            Tensor gradient = SteepestStep.Usable(found);
            climb.Note(delta, value, gradient);
            if (_checkpoints.Contains(step))
                climb.Judge(delta, momentum, gradient);

            momentum.mul_(options.Momentum).add_(SteepestStep.DividedByClip(gradient, gradient.flatten(1).abs().mean([1])));
            Tensor next = ball.Project(delta + (SteepestStep.Along(ball.Norm, momentum) * climb.StepLength * ShareLeft(step)));
            if (step == 0)
                next = where(PerClip.Column(momentum.flatten(1).abs().amax([1]) > 0, next), next, random);
            delta.copy_(next);
            context.Progress?.Report((restart + ((step + 1.0) / options.Steps)) / options.Restarts);
        }

        patience.Report();
        cancel.ThrowIfCancellationRequested();
        Tensor end = ball.Apply(delta);
        best.Consider(end, context.Evaluate(end));
    }

    // Half a cosine, from 1 at the first step to nearly 0 at the last.
    private double ShareLeft(int step) => (1 + Math.Cos(Math.PI * step / options.Steps)) / 2;
}
