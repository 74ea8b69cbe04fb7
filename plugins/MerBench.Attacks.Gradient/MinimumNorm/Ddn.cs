using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>How <see cref="Ddn"/> searches.</summary>
public sealed record DdnOptions(
    [Description("Gradient steps.")] [Range(1, 100_000)] int Steps = 100,
    [Description("Length of the first perturbation, as a share of the clean input's L2 norm.")] [Range(1e-9, 10)] double FirstNorm = 0.02,
    [Description("By what share the length changes in a step.")] [Range(1e-6, 1)] double Gamma = 0.05
);

/// <summary>
/// Decoupled direction and norm (Rony et al., CVPR 2019, algorithm 1): steps along the normalised gradient of the shift; after each the
/// perturbation is set to a length that shrinks by
/// gamma when the clip succeeded and grows by gamma when it did not. Minimises L2, and only that. The step, which decays by a cosine from 1
/// to 0.01, is a share of the first length, where the paper's images have
/// lengths of about 1. It returns the smallest perturbation that succeeded, and for a clip that never did the one that came closest. It
/// costs one gradient call a step and one forward call at the end.
/// </summary>
[Attack(
    "ddn",
    MinimisesNorm = true,
    Summary = "Decoupled direction and norm: the smallest L2 perturbation that moves the prediction by the tolerance",
    Source = "Rony et al. 2019, arXiv 1811.09600"
)]
[Reference(
    """
        @inproceedings{rony2019,
          author    = {Rony, Jérôme and Hafemann, Luiz G. and Oliveira, Luiz S. and Ben Ayed, Ismail and Sabourin, Robert and Granger, Eric},
          title     = {Decoupling Direction and Norm for Efficient Gradient-Based {L2} Adversarial Attacks and Defenses},
          booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)},
          year      = {2019},
          doi       = {10.1109/CVPR.2019.00445},
          eprint    = {1811.09600},
        }
        """
)]
public sealed class Ddn(DdnOptions options) : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        if (context.Budget is { Norm: Norm.Linf })
            throw new PluginUserException(
                "The attack 'ddn' minimises L2 and knows no linf budgets. Give it budgets in l2 or snr, none at all, or use 'fmn'."
            );
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        AttackContext shifted = SmallestSuccess.OnShift(context);
        var smallest = new SmallestSuccess(context, Norm.L2);
        Tensor delta = SmallestSuccess.Beside(context);
        Tensor first = context.Input.flatten(1).norm(1) * options.FirstNorm,
            length = first.clone();
        for (int step = 0; step < options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            (Tensor shift, Tensor gradient) = shifted.Differentiate(context.Input + delta);
            smallest.Consider(delta, shift);
            double decay = 0.01 + (0.99 * (1 + Math.Cos(Math.PI * step / options.Steps)) / 2);
            Tensor stepped = delta + (SteepestStep.Along(Norm.L2, SteepestStep.Usable(gradient)) * PerClip.Column(first * decay, delta));
            if (step > 0)
                length.copy_(length * where(shift >= 1, 1 - options.Gamma, 1 + options.Gamma));
            Tensor sized = SteepestStep.Along(Norm.L2, stepped) * PerClip.Column(length, delta);
            delta.copy_(context.Box is { } box ? (context.Input + sized).clamp(box.Minimum, box.Maximum) - context.Input : sized);
            context.Progress?.Report((step + 1.0) / options.Steps);
        }

        cancel.ThrowIfCancellationRequested();
        smallest.Consider(delta, shifted.Evaluate(context.Input + delta));
        return smallest.Result().MoveToOuterDisposeScope();
    }
}
