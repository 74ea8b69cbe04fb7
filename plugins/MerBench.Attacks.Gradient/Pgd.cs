using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>How <see cref="Pgd"/> searches.</summary>
public sealed record PgdOptions(
    [Description("Gradient steps of each restart.")] [Range(1, 100_000)] int Steps = 40,
    [Description("Length of a step, as a share of the budget.")] [Range(1e-6, 10)] double StepSize = 0.25,
    [Description("How often to start; the best result of each clip is kept.")] [Range(1, 1000)] int Restarts = 1,
    [Description("Whether the first start is a random point of the ball instead of the clean input; later ones always are.")]
        bool RandomStart = true,
    [Description("Decay of accumulated gradients (MI-FGSM, Dong et al. 2018); 0 turns momentum off.")] [Range(0, 10)] double Momentum = 0,
    [Description(
        "Ends a restart of a clip whose objective has not risen for this many steps, before all steps are made, so that less may be "
            + "found; never when left out."
    )]
    [Range(1, 100_000)]
        int? Patience = null
);

/// <summary>
/// Projected gradient descent (Madry et al., ICLR 2018, section 2.1), here ascent on the objective: steepest steps for the budget's norm,
/// each projected back into ball and box; with momentum, the iterative method of Dong et al. (CVPR 2018, algorithm 1). Of all points
/// visited, the clean input included, it returns the one with the highest objective, for each clip on its own.
/// <para>
/// It costs at most <c>restarts * steps</c> gradient calls, and one forward call a restart for the point after the last step. A clip whose
/// gradient is zero stays where it is; elements of a gradient that are not finite count as
/// zero; a point whose objective is not a number is never kept.
/// </para>
/// </summary>
[Attack(
    "pgd",
    Summary = "Projected gradient descent: restarts, best iterate, optional momentum",
    Source = "Madry et al. 2018, arXiv 1706.06083; Dong et al. 2018, arXiv 1710.06081"
)]
[Reference(
    """
        @inproceedings{madry2018,
          author    = {Madry, Aleksander and Makelov, Aleksandar and Schmidt, Ludwig and Tsipras, Dimitris and Vladu, Adrian},
          title     = {Towards Deep Learning Models Resistant to Adversarial Attacks},
          booktitle = {International Conference on Learning Representations (ICLR)},
          year      = {2018},
          eprint    = {1706.06083},
        }
        """
)]
[Reference(
    """
        @inproceedings{dong2018,
          author    = {Dong, Yinpeng and Liao, Fangzhou and Pang, Tianyu and Su, Hang and Zhu, Jun and Hu, Xiaolin and Li, Jianguo},
          title     = {Boosting Adversarial Attacks with Momentum},
          booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)},
          year      = {2018},
          doi       = {10.1109/CVPR.2018.00957},
          eprint    = {1710.06081},
        }
        """,
    Option = "momentum"
)]
public sealed class Pgd(PgdOptions options) : IAttack
{
    /// <summary>See <see cref="Answers.AreRemembered"/>.</summary>
    internal bool RemembersAnswers { get; init; } = true;

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var ball = new Ball(context, "pgd");
        var best = new BestIterate(context.Input);
        if (options.RandomStart)
        {
            cancel.ThrowIfCancellationRequested();
            best.Consider(context.Input, context.CleanValue());
        }

        for (int restart = 0; restart < options.Restarts; restart++)
            Climb(context, ball, best, restart, cancel);
        return best.Input.MoveToOuterDisposeScope();
    }

    private void Climb(AttackContext context, Ball ball, BestIterate best, int restart, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        bool isRandom = restart > 0 || options.RandomStart;
        Tensor delta = isRandom ? ball.RandomPoint() : zeros_like(context.Input);
        Tensor? accumulated = options.Momentum > 0 ? zeros_like(delta) : null;
        var answers = new Answers(context) { AreRemembered = RemembersAnswers };
        var patience = new Patience(context, options.Patience);
        for (int step = 0; step < options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            Tensor point = ball.Apply(delta);
            (Tensor value, Tensor gradient, _) = answers.To(point, patience.Ended);
            if (answers.AllHaveEnded)
                break;
            best.Consider(point, value);
            patience.Note(value);
            Tensor direction = SteepestStep.Along(ball.Norm, Accumulate(accumulated, SteepestStep.Usable(gradient)));
            delta.copy_(ball.Project(delta + (direction * (ball.Radius * options.StepSize))));
            context.Progress?.Report((restart + ((step + 1.0) / options.Steps)) / options.Restarts);
        }

        patience.Report();
        cancel.ThrowIfCancellationRequested();
        Tensor last = ball.Apply(delta);
        best.Consider(last, context.Evaluate(last));
    }

    // Dong et al. 2018, equation 6: g <- mu g + gradient / |gradient|_1; the mean differs from the norm by a constant that the step undoes.
    private Tensor Accumulate(Tensor? accumulated, Tensor gradient) =>
        accumulated is null
            ? gradient
            : accumulated.mul_(options.Momentum).add_(SteepestStep.DividedByClip(gradient, gradient.flatten(1).abs().mean([1])));
}
