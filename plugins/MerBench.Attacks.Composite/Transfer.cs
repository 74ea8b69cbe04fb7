using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Composite;

/// <summary>What <see cref="Transfer"/> crafts, and on which model.</summary>
public sealed record TransferOptions(
    [Description("The attack to craft with: an id or { use, with }.")] [Required] AttackChoice Attack,
    [Description("The name of the benchmark's model on which perturbations are crafted.")] [ModelName] string From
);

/// <summary>
/// Perturbations crafted on one model of the benchmark and judged on another (Papernot, McDaniel and Goodfellow 2016): the attacked model
/// is asked nothing. A perturbation of this kind for each model gives the matrix of all pairs, whose diagonal is the
/// white-box attack itself. Both models have the same seed.
/// </summary>
[Attack(
    "transfer",
    Knowledge = AttackKnowledge.Transfer,
    Summary = "Crafted on one model of the benchmark, judged on the others",
    Source = "Papernot et al. 2016, arXiv 1605.07277"
)]
[Reference(
    """
        @misc{papernot2016,
          author       = {Papernot, Nicolas and McDaniel, Patrick and Goodfellow, Ian},
          title        = {Transferability in Machine Learning: from Phenomena to Black-Box Attacks using Adversarial Samples},
          howpublished = {arXiv:1605.07277},
          year         = {2016},
          eprint       = {1605.07277},
        }
        """
)]
public sealed class Transfer(TransferOptions options) : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel) =>
        options.Attack.Create().Perturb(context.On(options.From), cancel);
}
