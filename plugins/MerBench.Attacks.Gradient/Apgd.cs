using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Gradient;

/// <summary>How <see cref="Apgd"/> searches.</summary>
public sealed record ApgdOptions(
    [Description("Gradient steps of each restart.")][Range(1, 100_000)] int Steps = 40,
    [Description("How often to start; the best result of each clip is kept.")][Range(1, 1000)] int Restarts = 1,
    [Description("Whether the first start is a random point of the ball instead of the clean input; later ones always are.")] bool RandomStart = true,
    [Description("Length of the first steps, as a share of the budget; the paper has 2, which is more than forty steps can use.")][Range(1e-6, 10)] double FirstStep = 1,
    [Description("A step size is kept while at least this share of the steps since the last checkpoint raised the objective.")][Range(0, 1)] double Rho = 0.75);

/// <summary>
/// Auto-PGD (Croce and Hein, ICML 2020, algorithm 1), for any objective: steepest steps with momentum whose length begins at the budget's radius (the paper: twice that) and is halved, clip by clip, at
/// checkpoints where progress was poor; the search then goes on from the best point. Of all points visited, the clean input included where it was looked at, it returns the one with the highest
/// objective. After a halving the momentum begins anew, where the paper keeps the previous point.
/// <para>
/// It costs <c>restarts * steps</c> gradient calls, and one forward call a restart for the point after the last step. A clip whose gradient is zero
/// stays where it is; elements of a gradient that are not finite count as zero; a point whose objective is not a number is never kept.
/// </para>
/// </summary>
[Attack("apgd", Summary = "Auto-PGD: step sizes that adapt, restarts from the best point, momentum", Source = "Croce and Hein 2020, arXiv 2003.01690")]
public sealed class Apgd(ApgdOptions options) : IAttack
{
    // The paper's alpha: the share of the new step against the last move.
    private const double NewStep = 0.75;

    private readonly HashSet<int> _checkpoints = [.. ApgdCheckpoints.Of(options.Steps)];

    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var ball = new Ball(context, "apgd");
        var best = new BestIterate(context.Input);
        if (options.RandomStart)
        {
            cancel.ThrowIfCancellationRequested();
            best.Consider(context.Input, context.CleanValue());
        }

        for (int restart = 0; restart < options.Restarts; restart++) Climb(context, ball, best, restart, cancel);
        return best.Input.MoveToOuterDisposeScope();
    }

    private void Climb(AttackContext context, Ball ball, BestIterate best, int restart, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        Tensor delta = restart > 0 || options.RandomStart ? ball.RandomPoint() : zeros_like(context.Input);
        Tensor last = delta.clone();
        var climb = new ApgdProgress(delta, ball.Radius * options.FirstStep, options.Rho);
        for (int step = 0; step < options.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            using var stepScope = NewDisposeScope();
            Tensor point = ball.Apply(delta);
            (Tensor value, Tensor found) = context.Differentiate(point);
            best.Consider(point, value);
            Tensor gradient = SteepestStep.Usable(found);
            climb.Note(delta, value, gradient);
            if (_checkpoints.Contains(step)) climb.Judge(delta, last, gradient);

            Tensor stepped = ball.Project(delta + (SteepestStep.Along(ball.Norm, gradient) * climb.StepLength));
            double share = step == 0 ? 1 : NewStep;
            Tensor next = ball.Project(delta + ((stepped - delta) * share) + ((delta - last) * (1 - share)));
            last.copy_(delta);
            delta.copy_(next);
            context.Progress?.Report((restart + ((step + 1.0) / options.Steps)) / options.Restarts);
        }

        cancel.ThrowIfCancellationRequested();
        Tensor end = ball.Apply(delta);
        best.Consider(end, context.Evaluate(end));
    }
}
