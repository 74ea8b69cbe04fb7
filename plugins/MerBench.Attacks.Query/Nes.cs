using static TorchSharp.torch;

namespace MerBench.Attacks.Query;

/// <summary>
/// Natural evolution strategies (Ilyas, Engstrom, Athalye and Lin, ICML 2018, section 2.2): the gradient is the mean of Gaussian
/// directions, each weighted by the difference of the objective on its
/// two sides. Of all points asked it returns the best one of each clip.
/// </summary>
[Attack(
    "nes",
    Knowledge = AttackKnowledge.Queries,
    Summary = "Gradient estimated from pairs of Gaussian directions",
    Source = "Ilyas et al. 2018, arXiv 1804.08598"
)]
[Reference(
    """
        @inproceedings{ilyas2018,
          author    = {Ilyas, Andrew and Engstrom, Logan and Athalye, Anish and Lin, Jessy},
          title     = {Black-box Adversarial Attacks with Limited Queries and Information},
          booktitle = {International Conference on Machine Learning (ICML)},
          year      = {2018},
          pages     = {2137--2146},
          eprint    = {1804.08598},
        }
        """
)]
public sealed class Nes(EstimatedGradientOptions options) : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel) =>
        EstimatedGradient.Climb(context, "nes", options, context.Normal, cancel);
}
