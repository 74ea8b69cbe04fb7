using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Attacks.Gradient;
using static TorchSharp.torch;

namespace MerBench.Attacks.Query;

/// <summary>How <see cref="Nes"/> and <see cref="Spsa"/> search.</summary>
public sealed record EstimatedGradientOptions(
    [Description("Forward calls of each clip.")] [Range(4, 1_000_000)] int Queries = 1000,
    [Description("Pairs of queries for one estimate of the gradient.")] [Range(1, 10_000)] int Pairs = 20,
    [Description(
        "How far from the current point is asked, as a share of the budget: for l2 and snr the length of a direction, for linf its "
            + "typical element."
    )]
    [Range(1e-6, 10)]
        double Distance = 0.1,
    [Description("Length of a step, as a share of the budget.")] [Range(1e-6, 10)] double StepSize = 0.25
);

/// <summary>Projected ascent along a gradient that is estimated from pairs of opposite queries.</summary>
internal static class EstimatedGradient
{
    /// <param name="directions">Draws directions <c>[B, ...]</c>, elements of variance 1.</param>
    public static Tensor Climb(
        AttackContext context,
        string attack,
        EstimatedGradientOptions options,
        Func<Tensor> directions,
        CancellationToken cancel
    )
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var search = new QuerySearch(context, attack, options.Queries, cancel);
        Tensor delta = zeros_like(context.Input);
        search.Ask(delta);
        double elements = context.Input.numel() / context.Input.shape[0];
        Tensor reach = search.Ball.Radius * (options.Distance / (search.Ball.Norm == Norm.Linf ? 1 : Math.Sqrt(elements)));
        while (search.Left >= 3)
        {
            using var step = NewDisposeScope();
            Tensor gradient = zeros_like(delta);
            for (int pair = 0; pair < options.Pairs && search.Left >= 3; pair++)
            {
                using var one = NewDisposeScope();
                Tensor direction = directions();
                Tensor above = search.Ball.Project(delta + (direction * reach)),
                    below = search.Ball.Project(delta - (direction * reach));
                Tensor difference = search.Ask(above) - search.Ask(below);

                // At the ball's surface the points that were asked lie closer together than the direction is long.
                gradient.add_(
                    SteepestStep.DividedByClip(above - below, search.Ball.Radius.flatten())
                        * difference
                            .nan_to_num(nan: 0, posinf: 0, neginf: 0)
                            .reshape([delta.shape[0], .. Enumerable.Repeat(1L, (int)delta.dim() - 1)])
                );
            }

            delta.copy_(
                search.Ball.Project(delta + (SteepestStep.Along(search.Ball.Norm, gradient) * (search.Ball.Radius * options.StepSize)))
            );
            search.Ask(delta);
        }

        return search.Best.Input.MoveToOuterDisposeScope();
    }
}
