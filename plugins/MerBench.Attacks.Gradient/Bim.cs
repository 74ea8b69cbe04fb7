using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>How <see cref="Bim"/> searches.</summary>
public sealed record BimOptions(
    [Description("Gradient steps.")] [Range(1, 100_000)] int Steps = 10,
    [Description(
        "Length of a step, as a share of the budget; 1 / steps when left out, so that all steps together reach the budget's surface."
    )]
    [Range(1e-6, 10)]
        double? StepSize = null
);

/// <summary>
/// The basic iterative method (Kurakin, Goodfellow and Bengio, ICLR workshop 2017, section 2.1): steepest steps of equal length from the
/// clean input, each projected back into ball and box; the last
/// point is returned. It costs at most one gradient call a step. Weaker than <c>pgd</c> and <c>apgd</c>, and here to compare with studies
/// that used it.
/// </summary>
[Attack(
    "bim",
    Summary = "Basic iterative method: equal steps from the clean input, last iterate",
    Source = "Kurakin et al. 2017, arXiv 1607.02533"
)]
[Reference(
    """
        @inproceedings{kurakin2017,
          author    = {Kurakin, Alexey and Goodfellow, Ian J. and Bengio, Samy},
          title     = {Adversarial Examples in the Physical World},
          booktitle = {International Conference on Learning Representations (ICLR), Workshop Track},
          year      = {2017},
          eprint    = {1607.02533},
        }
        """
)]
public sealed class Bim(BimOptions options) : IAttack
{
    /// <summary>See <see cref="Answers.AreRemembered"/>.</summary>
    internal bool RemembersAnswers { get; init; } = true;

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var ball = new Ball(context, "bim");
        Tensor delta = zeros_like(context.Input),
            length = ball.Radius * (options.StepSize ?? 1.0 / options.Steps);
        var answers = new Answers(context) { AreRemembered = RemembersAnswers };
        for (int step = 1; step <= options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            Tensor gradient = answers.To(ball.Apply(delta)).Gradient;
            delta.copy_(ball.Project(delta + (SteepestStep.Along(ball.Norm, SteepestStep.Usable(gradient)) * length)));
            context.Progress?.Report((double)step / options.Steps);
        }

        return ball.Apply(delta).MoveToOuterDisposeScope();
    }
}
