using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>
/// The fast gradient sign method (Goodfellow, Shlens and Szegedy, ICLR 2015, section 4): one step from the clean input to the surface of
/// the budget's ball, along the gradient's sign (linf) or the normalised gradient (l2, snr). It costs one gradient call a clip. A clip
/// whose gradient is zero is returned clean; elements of a gradient that are not finite count as zero.
/// </summary>
[Attack(
    "fgsm",
    IsIterative = false,
    Summary = "Fast gradient (sign) method: one step to the budget's surface",
    Source = "Goodfellow et al. 2015, arXiv 1412.6572"
)]
[Reference(
    """
        @inproceedings{goodfellow2015,
          author    = {Goodfellow, Ian J. and Shlens, Jonathon and Szegedy, Christian},
          title     = {Explaining and Harnessing Adversarial Examples},
          booktitle = {International Conference on Learning Representations (ICLR)},
          year      = {2015},
          eprint    = {1412.6572},
        }
        """
)]
public sealed class Fgsm : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var ball = new Ball(context, "fgsm");
        cancel.ThrowIfCancellationRequested();
        (_, Tensor gradient) = context.Differentiate(context.Input);
        Tensor step = SteepestStep.Along(ball.Norm, SteepestStep.Usable(gradient)) * ball.Radius;
        Tensor perturbed = ball.Apply(ball.Project(step));
        context.Progress?.Report(1);
        return perturbed.MoveToOuterDisposeScope();
    }
}
