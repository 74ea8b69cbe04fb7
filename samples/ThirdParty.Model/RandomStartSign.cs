using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench;
using static TorchSharp.torch;

namespace ThirdParty;

/// <summary>What <c>with:</c> may set.</summary>
public sealed record RandomStartSignOptions(
    [Description("Size of the random start, as a share of the budget; the sign step takes the rest.")][Range(0.0, 1.0)] double Start = 0.5);

/// <summary>A random start within the budget, then one step along the sign of the gradient.</summary>
[Attack("third-party-random-sign", Summary = "One sign step from a random start.", Source = "Tramer et al., Ensemble Adversarial Training, ICLR 2018 (R+FGSM)")]
public sealed class RandomStartSign(RandomStartSignOptions options) : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        if (context.Budget is not { } budget)
            throw new PluginUserException("third-party-random-sign needs a budget: give its perturbation 'budgets: { linf: [0.01] }' or another.");
        cancel.ThrowIfCancellationRequested();

        Tensor start = context.Project(Within(budget, context, context.Uniform().sign()) * options.Start);
        (_, Tensor gradient) = context.Differentiate(context.Input + start);
        Tensor step = Within(budget, context, gradient.sign()) * (1 - options.Start);
        context.Progress?.Report(1);
        return (context.Input + context.Project(start + step)).MoveToOuterDisposeScope();
    }

    // The largest perturbation along a pattern of signs: the corner of the cube, or its projection on the ball.
    private static Tensor Within(Budget budget, AttackContext context, Tensor signs)
    {
        Tensor radius = budget.Radius(context.Input);
        return budget.Norm == Norm.Linf ? signs * radius : signs * (radius / signs.flatten(1).norm(1).clamp_min(1e-12).reshape(radius.shape));
    }
}
