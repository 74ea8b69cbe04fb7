using MerBench.Host.Plugins;

namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>The <c>adversarial:</c> mapping of a training recipe: batches are attacked as a whole, in evaluation mode, and trained
/// on.</summary>
/// <param name="Attack">Any attack plugin.</param>
/// <param name="Every">Every n-th epoch, is adversarial: epochs 5, 10, 15, ... for 5, as Hoedt et al. 2025 have it.</param>
/// <param name="Budget">The largest perturbation, or null for none.</param>
/// <param name="Objective">What the attack maximises.</param>
/// <param name="Trades">
/// Null to train on the perturbed batch after the clean one, with its ratings. Otherwise the weight of a penalty added to the clean loss:
/// the mean
/// squared distance between clean and perturbed predictions, which the attack then maximises (TRADES, Zhang et al., ICML 2019, equation 5,
/// with squared error for
/// cross-entropy and divergence).
/// </param>
public sealed record AdversarialTraining(PluginUse Attack, int Every, Budget? Budget, string Objective, double? Trades)
{
    /// <summary>
    /// Null, or the weight of a penalty like that of <see cref="Trades"/> on concepts: the mean squared distance between clean and
    /// perturbed concepts is added to the clean loss, and the attack maximises it. Excludes <see cref="Trades"/>.
    /// </summary>
    public double? ConceptStability { get; init; }

    /// <summary>Whether batches are trained on perturbed alone, as Madry et al. (ICLR 2018) have it, with the whole loss. Otherwise clean
    /// first, and then perturbed.</summary>
    public bool PerturbedOnly { get; init; }

    /// <summary>Weight of the penalty, be it on emotions or on concepts; null to train on perturbed batches.</summary>
    public double? Penalty => Trades ?? ConceptStability;

    /// <summary>In which the attack computes, for models that offer it.</summary>
    public Precision Precision { get; init; }

    /// <summary>Whether an epoch, from 1, is adversarial.</summary>
    public bool Concerns(int epoch) => epoch % Every == 0;
}
