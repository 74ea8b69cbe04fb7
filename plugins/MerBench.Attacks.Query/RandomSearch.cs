using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Query;

/// <summary>How <see cref="RandomSearch"/> searches.</summary>
public sealed record RandomSearchOptions([Description("Forward calls of each clip.")] [Range(2, 1_000_000)] int Queries = 100);

/// <summary>
/// The best of many random points of the ball, the clean input included: uniform in it for linf, on its surface for l2 and snr. The least
/// that any other attack must beat; one that does not is broken.
/// </summary>
[Attack(
    "random",
    Knowledge = AttackKnowledge.Noise,
    Summary = "Best of many random points of the ball",
    Source = "Uniform sampling; the null of every search"
)]
public sealed class RandomSearch(RandomSearchOptions options) : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        var search = new QuerySearch(context, "random", options.Queries, cancel);
        search.Ask(zeros_like(context.Input));
        while (search.Left > 0)
        {
            using var one = NewDisposeScope();
            search.Ask(search.Ball.RandomPoint());
        }

        return search.Best.Input.MoveToOuterDisposeScope();
    }
}
