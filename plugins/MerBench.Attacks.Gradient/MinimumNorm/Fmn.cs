using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>How <see cref="Fmn"/> searches.</summary>
public sealed record FmnOptions(
    [Description("Gradient steps.")] [Range(1, 100_000)] int Steps = 100,
    [Description("The norm to minimise where the perturbation has no budget: linf or l2.")] Norm Norm = Norm.Linf,
    [Description("First change of the radius in a step, as a share; it decays to a hundredth by a cosine.")]
    [Range(1e-6, 1)]
        double Gamma = 0.05,
    [Description(
        "Length of the first step, as a share of the input's standard deviation times the square root of its elements (l2); it decays by "
            + "a cosine to a hundredth."
    )]
    [Range(1e-6, 100)]
        double StepSize = 0.1
);

/// <summary>
/// Fast minimum-norm attack (Pintor, Roli, Brendel and Biggio, NeurIPS 2021, algorithm 1): steps along the normalised gradient of the
/// shift, each projected to a ball whose radius shrinks while
/// the clip succeeds and grows while it does not. Until the first success the radius is what a linear model of the shift would need. Its
/// criterion is a shift by the tolerance where the paper has a change of class.
/// It returns the smallest perturbation that succeeded, and for a clip that never did the one that came closest. It costs one gradient call
/// a step and one forward call at the end.
/// </summary>
[Attack(
    "fmn",
    MinimisesNorm = true,
    Summary = "Fast minimum-norm: the smallest perturbation that moves the prediction by the tolerance",
    Source = "Pintor et al. 2021, arXiv 2102.12827"
)]
[Reference(
    """
        @inproceedings{pintor2021,
          author    = {Pintor, Maura and Roli, Fabio and Brendel, Wieland and Biggio, Battista},
          title     = {Fast Minimum-norm Adversarial Attacks through Adaptive Norm Constraints},
          booktitle = {Advances in Neural Information Processing Systems},
          volume    = {34},
          year      = {2021},
          eprint    = {2102.12827},
        }
        """
)]
public sealed class Fmn(FmnOptions options) : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Norm norm = SmallestSuccess.NormOf(context, options.Norm);
        AttackContext shifted = SmallestSuccess.OnShift(context);
        var smallest = new SmallestSuccess(context, norm);
        Tensor delta = SmallestSuccess.Beside(context),
            radius = full_like(smallest.Size, double.PositiveInfinity);
        Tensor length = context.Input.flatten(1).std(1) * (options.StepSize * Math.Sqrt(context.Input.numel() / context.Input.shape[0]));
        for (int step = 0; step < options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            (Tensor shift, Tensor found) = shifted.Differentiate(context.Input + delta);
            smallest.Consider(delta, shift);
            Tensor gradient = SteepestStep.Usable(found);
            double decay = 0.01 + (0.99 * (1 + Math.Cos(Math.PI * step / options.Steps)) / 2);
            radius.copy_(Resize(radius, smallest, delta, shift, gradient, norm, options.Gamma * decay));

            Tensor stepped = delta + (SteepestStep.Along(Norm.L2, gradient) * PerClip.Column(length * decay, delta));
            delta.copy_(WithinBox(context, Within(stepped, radius, norm)));
            context.Progress?.Report((step + 1.0) / options.Steps);
        }

        cancel.ThrowIfCancellationRequested();
        smallest.Consider(delta, shifted.Evaluate(context.Input + delta));
        return smallest.Result().MoveToOuterDisposeScope();
    }

    private static Tensor Resize(
        Tensor radius,
        SmallestSuccess smallest,
        Tensor delta,
        Tensor shift,
        Tensor gradient,
        Norm norm,
        double gamma
    )
    {
        // The steepest ascent within a ball gains its radius times the dual norm of the gradient.
        Tensor dual = norm == Norm.Linf ? gradient.flatten(1).abs().sum(1) : gradient.flatten(1).norm(1);
        Tensor linear = new Budget(norm, 0).Measure(delta, delta) + ((1 - shift).clamp_min(0) / dual.clamp_min(1e-12));
        Tensor succeeds = shift >= 1;
        Tensor grown = where(smallest.Found, radius * (1 + gamma), linear);
        return where(succeeds, minimum(radius * (1 - gamma), smallest.Size), grown).clamp_max(1e6);
    }

    private static Tensor Within(Tensor delta, Tensor radius, Norm norm)
    {
        Tensor column = PerClip.Column(radius, delta);
        return norm == Norm.Linf
            ? minimum(maximum(delta, -column), column)
            : delta * PerClip.Column((radius / delta.flatten(1).norm(1).clamp_min(1e-30)).clamp_max(1), delta);
    }

    private static Tensor WithinBox(AttackContext context, Tensor delta) =>
        context.Box is { } box ? (context.Input + delta).clamp(box.Minimum, box.Maximum) - context.Input : delta;
}
