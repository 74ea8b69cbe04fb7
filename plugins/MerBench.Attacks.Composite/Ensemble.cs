using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using static TorchSharp.torch;

namespace MerBench.Attacks.Composite;

/// <summary>Which attacks <see cref="Ensemble"/> runs.</summary>
public sealed record EnsembleOptions(
    [Description("The attacks, each an id or { use, with }; on a tie the first wins.")] [MinLength(1)] IReadOnlyList<AttackChoice> Attacks
);

/// <summary>
/// The worst case of each clip over several attacks, as in AutoAttack (Croce and Hein, ICML 2020): every attack runs on every clip, and of
/// what they return, the clean input included, the one with the highest objective is kept. Who
/// won is noted with each clip as <c>winner</c>. It costs what its attacks cost and one forward call for each.
/// </summary>
[Attack(
    "ensemble",
    Summary = "The worst case of each clip over several attacks, and which of them won",
    Source = "Croce and Hein 2020, arXiv 2003.01690, section 4"
)]
[Reference(
    """
        @inproceedings{croce2020,
          author    = {Croce, Francesco and Hein, Matthias},
          title     = {Reliable Evaluation of Adversarial Robustness with an Ensemble of Diverse Parameter-free Attacks},
          booktitle = {International Conference on Machine Learning (ICML)},
          year      = {2020},
          pages     = {2206--2216},
          eprint    = {2003.01690},
        }
        """
)]
public sealed class Ensemble(EnsembleOptions options) : IAttack
{
    /// <inheritdoc/>
    public Tensor Perturb(AttackContext context, CancellationToken cancel)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Tensor best = context.Input.clone(),
            highest = context.CleanValue();
        var winners = new string[context.Random.Count];
        Array.Fill(winners, "none");
        foreach (AttackChoice choice in options.Attacks)
        {
            cancel.ThrowIfCancellationRequested();
            using var attackScope = NewDisposeScope();
            Tensor perturbed = choice.Create().Perturb(context, cancel);
            Tensor value = context.Evaluate(perturbed),
                better = value > highest;
            highest.copy_(where(better, value, highest));
            best.copy_(where(better.reshape([better.shape[0], .. Enumerable.Repeat(1L, (int)best.dim() - 1)]), perturbed, best));
            bool[] won = better.cpu().data<bool>().ToArray();
            for (int clip = 0; clip < won.Length; clip++)
                if (won[clip])
                    winners[clip] = choice.Id;
        }

        for (int clip = 0; clip < winners.Length; clip++)
            context.Note(clip, "winner", winners[clip]);
        return best.MoveToOuterDisposeScope();
    }
}
