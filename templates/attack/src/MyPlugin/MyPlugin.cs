using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench;
using static TorchSharp.torch;

namespace MyPlugin;

/// <summary>What <c>with:</c> may set; in YAML a name such as <c>StepSize</c> is <c>step-size</c>.</summary>
public sealed record MyPluginOptions(
    [Description("Gradient steps.")][Range(1, 100_000)] int Steps = 10,
    [Description("Length of a step, as a share of the budget.")][Range(1e-6, 10)] double StepSize = 0.25);

/// <summary>Steps along the sign of the gradient, projected into the budget; the best point of each clip is returned.</summary>
[Attack("my-plugin", Summary = "Sign steps, the best of which is returned.")]
public sealed class MyPlugin(MyPluginOptions options) : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        if (context.Budget is not { } budget)
            throw new PluginUserException("my-plugin needs a budget: give its perturbation 'budgets: { linf: [0.01] }' or another.");
        Tensor delta = zeros_like(context.Input), best = context.Input.clone(), bestValue = context.CleanValue();
        for (int step = 0; step < options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            (_, Tensor gradient) = context.Differentiate(context.Input + delta);
            delta.copy_(context.Project(delta + (gradient.sign() * budget.Radius(context.Input) * options.StepSize)));

            Tensor point = context.Input + delta, value = context.Evaluate(point), better = value > bestValue;
            best.copy_(where(better.reshape([-1, .. Enumerable.Repeat(1L, (int)point.dim() - 1)]), point, best));
            bestValue.copy_(where(better, value, bestValue));
            context.Progress?.Report((step + 1.0) / options.Steps);
        }

        return best.MoveToOuterDisposeScope();
    }
}
