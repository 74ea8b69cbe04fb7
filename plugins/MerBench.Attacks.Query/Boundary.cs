using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Attacks.Gradient;
using static TorchSharp.torch;

namespace MerBench.Attacks.Query;

/// <summary>How <see cref="Boundary"/> walks.</summary>
public sealed record BoundaryOptions(
    [Description("Forward calls of each clip.")] [Range(30, 1_000_000)] int Queries = 1000,
    [Description("Length of the first step along the sphere around the clean input, as a share of the perturbation's length; it adapts.")]
    [Range(1e-6, 1)]
        double SphericalStep = 0.1,
    [Description("By what share the first step goes towards the clean input; it adapts.")] [Range(1e-6, 1)] double SourceStep = 0.05
);

/// <summary>
/// A walk along the boundary of success (Brendel, Rauber and Bethge, ICLR 2018), for a criterion of tolerance: it only asks whether the
/// prediction has moved by the tolerance. From random noise loud enough to succeed, halved
/// towards the clean input until it lies at the boundary, each query tries a random step along the sphere around the clean input and a
/// little inwards, and goes there if that succeeds. Steps grow where more than half of
/// the tries succeed, and shrink where less than a fifth do. Minimises L2; a linf budget is met by clipping at the end. It returns the
/// smallest perturbation that succeeded, and for a clip that never did the one that came closest.
/// </summary>
[Attack(
    "boundary",
    Knowledge = AttackKnowledge.Queries,
    MinimisesNorm = true,
    Summary = "A random walk along the boundary of success, towards the clean clip",
    Source = "Brendel et al. 2018, arXiv 1712.04248"
)]
[Reference(
    """
        @inproceedings{brendel2018,
          author    = {Brendel, Wieland and Rauber, Jonas and Bethge, Matthias},
          title     = {Decision-Based Adversarial Attacks: Reliable Attacks Against Black-Box Machine Learning Models},
          booktitle = {International Conference on Learning Representations (ICLR)},
          year      = {2018},
          eprint    = {1712.04248},
        }
        """
)]
public sealed class Boundary(BoundaryOptions options) : IAttack
{
    private const int Tries = 14,
        Halvings = 10,
        Window = 20;

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        AttackContext shifted = SmallestSuccess.OnShift(context);
        var smallest = new SmallestSuccess(context, Norm.L2);
        int left = options.Queries;
        Start();
        Tensor spherical = full_like(smallest.Size, options.SphericalStep),
            inwards = full_like(smallest.Size, options.SourceStep),
            successes = zeros_like(smallest.Size);
        for (int step = 1; left > 0; step++)
        {
            using var stepScope = NewDisposeScope();
            Tensor delta = smallest.Delta,
                direction = SteepestStep.Along(Norm.L2, delta),
                noise = context.Normal();
            Tensor length = PerClip.Column(delta.flatten(1).norm(1), delta);
            Tensor tangent = noise - (direction * PerClip.Column((noise * direction).flatten(1).sum(1), delta));
            Tensor around = SteepestStep.Along(
                Norm.L2,
                direction + (SteepestStep.Along(Norm.L2, tangent) * PerClip.Column(spherical, delta))
            );
            Tensor succeeded = Ask(around * length * (1 - PerClip.Column(inwards, delta))) >= 1;
            successes.add_(succeeded.to(successes.dtype));
            if (step % Window != 0)
                continue;
            Tensor share = successes / Window,
                factor = where(share > 0.5, 1.5, where(share < 0.2, 1 / 1.5, 1.0));
            spherical.copy_((spherical * factor).clamp(1e-6, 1));
            inwards.copy_((inwards * factor).clamp(1e-6, 0.5));
            successes.zero_();
        }

        return smallest.Result().MoveToOuterDisposeScope();

        // New noise, each time twice as loud until it succeeds; as often for all clips, so that none depends on the others. Then halved
        // towards the boundary, a clip at its own level.
        void Start()
        {
            Tensor level = context.Input.flatten(1).norm(1).clamp_min(1e-6) / 64,
                noise = zeros_like(context.Input);
            for (int i = 0; i < Tries && left > Halvings; i++)
            {
                Tensor searching = smallest.Found.logical_not();
                noise = where(PerClip.Column(searching, noise), SteepestStep.Along(Norm.L2, context.Normal()), noise);
                Tensor failed = (Ask(noise * PerClip.Column(level, noise)) < 1).logical_and(searching);
                level = where(failed, level * 2, level);
            }

            Tensor low = zeros_like(level),
                high = level;
            for (int i = 0; i < Halvings && left > 0; i++)
            {
                Tensor middle = (low + high) / 2;
                Tensor succeeded = Ask(noise * PerClip.Column(middle, noise)) >= 1;
                high = where(succeeded, middle, high);
                low = where(succeeded, low, middle);
            }
        }

        Tensor Ask(Tensor delta)
        {
            cancel.ThrowIfCancellationRequested();
            left--;
            Tensor allowed = context.Box is { } box ? (context.Input + delta).clamp(box.Minimum, box.Maximum) - context.Input : delta;
            Tensor shift = shifted.Evaluate(context.Input + allowed);
            smallest.Consider(allowed, shift);
            context.Progress?.Report(1 - ((double)left / options.Queries));
            return shift;
        }
    }
}
