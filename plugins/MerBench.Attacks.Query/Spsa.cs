using static TorchSharp.torch;

namespace MerBench.Attacks.Query;

/// <summary>
/// Simultaneous perturbation stochastic approximation (Spall 1992; Uesato, O'Donoghue, Kohli and van den Oord, ICML 2018, algorithm 1): as
/// <see cref="Nes"/>, with directions of random signs. Of all points
/// asked it returns the best one of each clip.
/// </summary>
[Attack(
    "spsa",
    Knowledge = AttackKnowledge.Queries,
    Summary = "Gradient estimated from pairs of random sign directions",
    Source = "Uesato et al. 2018, arXiv 1802.05666"
)]
[Reference(
    """
        @inproceedings{uesato2018,
          author    = {Uesato, Jonathan and O'Donoghue, Brendan and Kohli, Pushmeet and van den Oord, Aaron},
          title     = {Adversarial Risk and the Dangers of Evaluating Against Weak Attacks},
          booktitle = {International Conference on Machine Learning (ICML)},
          year      = {2018},
          pages     = {5025--5034},
          eprint    = {1802.05666},
        }
        """
)]
public sealed class Spsa(EstimatedGradientOptions options) : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel) =>
        EstimatedGradient.Climb(context, "spsa", options, () => where(context.Uniform() < 0, -1f, 1f), cancel);
}
