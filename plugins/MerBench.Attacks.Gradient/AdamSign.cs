using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>Which of the iterates <see cref="AdamSign"/> returns.</summary>
public enum ReturnedIterate
{
    /// <summary>The last one that was predicted, whose prediction the published logs hold.</summary>
    Last,

    /// <summary>The last one that passed its correlation threshold, whose size the published logs hold.</summary>
    Threshold,
}

/// <summary>How <see cref="AdamSign"/> searches.</summary>
public sealed record AdamSignOptions(
    [Description("Gradient steps.")][Range(1, 100_000)] int Steps = 1000,
    [Description("Adam's learning rate: about the length of a step in each input value.")][Range(1e-9, 1e3)] double LearningRate = 0.002,
    [Description("What is returned: last (whose prediction the published logs hold) or threshold (whose size they hold).")] ReturnedIterate Return = ReturnedIterate.Last);

/// <summary>
/// The attack of Hoedt, Flexer and Widmer (SMC 2025): Adam on the sign of the objective's gradient, from the clean input. A clip's threshold
/// begins at its correlation with the ratings, rounded up to a tenth, and falls by a tenth whenever an iterate's correlation is at or below it; at -0.9 the clip
/// is finished. Without a budget it is the attack as released, where no bound was enforced; with <c>budgets: { linf: [0.001] }</c> it is the attack as
/// configured, projected into the budget after each step.
/// <para>It costs one gradient call a step, for every clip until all clips are finished.</para>
/// </summary>
[Attack("adam-sign", Summary = "Adam on the sign of the gradient, with correlation thresholds; with or without a budget", Source = "Hoedt, Flexer and Widmer, Are Inherently Interpretable Models More Robust?, SMC 2025, arXiv 2508.03780")]
public sealed class AdamSign(AdamSignOptions options) : IAttack
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;

    // Whether all clips are finished is asked of the device now and then, because each question waits for it.
    private const int StepsBetweenQuestions = 25;

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor delta = zeros_like(context.Input), returned = zeros_like(context.Input);
        Tensor mean = zeros_like(context.Input), square = zeros_like(context.Input);
        using var thresholds = new CorrelationThresholds(context.Targets);
        for (int step = 1; step <= options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            (_, Tensor gradient, ModelOutput output) = context.DifferentiateAndPredict(context.Input + delta);
            Tensor unfinished = thresholds.Unfinished;
            Tensor passed = thresholds.Pass(output.Emotion);
            Tensor kept = options.Return == ReturnedIterate.Last ? unfinished : passed;
            returned.copy_(where(PerClip.Column(kept, delta), delta, returned));

            Tensor direction = SteepestStep.Usable(gradient).sign();
            mean.mul_(Beta1).add_(direction * (1 - Beta1));
            square.mul_(Beta2).add_(direction.square() * (1 - Beta2));
            Tensor length = (square.sqrt() / Math.Sqrt(1 - Math.Pow(Beta2, step))) + Epsilon;
            delta.copy_(context.Project(delta + (mean / length * (options.LearningRate / (1 - Math.Pow(Beta1, step))))));
            context.Progress?.Report((double)step / options.Steps);
            if (step % StepsBetweenQuestions == 0 && !thresholds.Unfinished.any().item<bool>()) break;
        }

        return (context.Input + returned).MoveToOuterDisposeScope();
    }
}
