using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>How <see cref="CarliniWagner"/> searches.</summary>
public sealed record CarliniWagnerOptions(
    [Description("Gradient steps for each trade-off.")] [Range(1, 100_000)] int Steps = 50,
    [Description("How many trade-offs are tried, a clip.")] [Range(1, 100)] int Searches = 6,
    [Description("The first trade-off: what a missing tolerance costs, against the squared L2 norm relative to the clean input's.")]
    [Range(1e-12, 1e12)]
        double FirstTradeOff = 1e-2,
    [Description("Adam's learning rate, as a share of the input's standard deviation.")] [Range(1e-9, 10)] double LearningRate = 0.01
);

/// <summary>
/// Carlini and Wagner's L2 attack (S&amp;P 2017, section V): minimises <c>|d|^2 / |x|^2 + c max(0, 1 - shift)</c> by Adam, and searches c
/// for each clip by halving its logarithm's interval: down after
/// a success, up after none. The box is kept by clipping, where the paper changes variables. It returns the smallest perturbation that
/// succeeded, and for a clip that never did the one that came closest. It costs
/// <c>searches * steps</c> gradient calls.
/// </summary>
[Attack(
    "cw",
    MinimisesNorm = true,
    Summary = "Carlini and Wagner's L2 attack: a Lagrangian with a search for the trade-off",
    Source = "Carlini and Wagner 2017, arXiv 1608.04644"
)]
[Reference(
    """
        @inproceedings{carlini2017,
          author    = {Carlini, Nicholas and Wagner, David},
          title     = {Towards Evaluating the Robustness of Neural Networks},
          booktitle = {IEEE Symposium on Security and Privacy (SP)},
          year      = {2017},
          pages     = {39--57},
          doi       = {10.1109/SP.2017.49},
          eprint    = {1608.04644},
        }
        """
)]
public sealed class CarliniWagner(CarliniWagnerOptions options) : IAttack
{
    private const double Beta1 = 0.9,
        Beta2 = 0.999,
        Epsilon = 1e-8,
        Widening = 10;

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        if (context.Budget is { Norm: Norm.Linf })
            throw new PluginUserException(
                "The attack 'cw' minimises L2 and knows no linf budgets. Give it budgets in l2 or snr, none at all, or use 'fmn'."
            );
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var smallest = new SmallestSuccess(context, Norm.L2);
        Tensor tradeOff = full_like(smallest.Size, options.FirstTradeOff),
            low = zeros_like(tradeOff),
            high = full_like(tradeOff, double.PositiveInfinity);
        for (int search = 0; search < options.Searches; search++)
        {
            using var searchScope = NewDisposeScope();
            Tensor succeeded = Descend(context, smallest, tradeOff, search, cancel);
            high.copy_(where(succeeded, minimum(high, tradeOff), high));
            low.copy_(where(succeeded, low, maximum(low, tradeOff)));
            Tensor between = (low * high).sqrt();
            tradeOff.copy_(where(high.isinf(), low * Widening, where(low == 0, high / Widening, between)));
        }

        return smallest.Result().MoveToOuterDisposeScope();
    }

    // Adam on the Lagrangian from beside the clean input; which clips succeeded on the way.
    private Tensor Descend(AttackContext context, SmallestSuccess smallest, Tensor tradeOff, int search, CancellationToken cancel)
    {
        AttackContext shifted = SmallestSuccess.OnShift(context);
        Tensor delta = SmallestSuccess.Beside(context),
            mean = zeros_like(delta),
            square = zeros_like(delta);
        Tensor energy = PerClip.Column(context.Input.flatten(1).square().sum(1).clamp_min(1e-12), delta);
        Tensor rate = PerClip.Column(context.Input.flatten(1).std(1) * options.LearningRate, delta);
        Tensor succeeded = zeros_like(tradeOff).to(ScalarType.Bool);
        for (int step = 1; step <= options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            (Tensor shift, Tensor found) = shifted.Differentiate(context.Input + delta);
            smallest.Consider(delta, shift);
            succeeded.copy_(succeeded.logical_or(shift >= 1));
            Tensor pull = where(shift < 1, tradeOff, zeros_like(tradeOff));
            Tensor gradient = (2 * delta / energy) - (PerClip.Column(pull, delta) * SteepestStep.Usable(found));
            mean.mul_(Beta1).add_(gradient * (1 - Beta1));
            square.mul_(Beta2).add_(gradient.square() * (1 - Beta2));
            Tensor direction = mean / (1 - Math.Pow(Beta1, step)) / ((square / (1 - Math.Pow(Beta2, step))).sqrt() + Epsilon);
            Tensor next = delta - (direction * rate);
            delta.copy_(context.Box is { } box ? (context.Input + next).clamp(box.Minimum, box.Maximum) - context.Input : next);
            context.Progress?.Report((search + ((double)step / options.Steps)) / options.Searches);
        }

        return succeeded;
    }
}
