using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Options;
using MerBench.Host.Plugins;

namespace MerBench.Host.Configuration.Reading;

/// <summary>Reads a model's <c>train:</c>, and the attack of adversarial training in it.</summary>
internal sealed class TrainRecipeReader(PluginResolver plugins, BindingContext context)
{
    public TrainRecipe Read(TrainEntry entry)
    {
        if (entry is { Adversarial: not null, Free: { } free })
            context.Report(free.At, "'free' and 'adversarial' exclude each other", "free training needs no attack: remove one of the two");
        return new(entry.Epochs, entry.Batch, entry.LearningRate, entry.Patience, entry.ConceptWeight)
        {
            Adversarial = entry.Adversarial is { } adversarial ? context.Within("train.adversarial", () => Adversarial(adversarial)) : null,
            Free = entry.Free is { Linf: { } radius } given ? new FreeTraining(given.Replays, radius) : null,
            Noise = entry.Noise,
        };
    }

    private AdversarialTraining? Adversarial(AdversarialEntry entry)
    {
        PluginUse? attack = plugins.Resolve(entry.Use, entry.With, entry.At, PluginKind.Attack);
        Budget? budget = entry.Budget is { } written ? Budget(written) : null;
        string objective = ObjectiveReader.Read(entry.Objective, context);
        if (entry.Trades is not null && entry.Objective is not null)
            context.Report(
                entry.Objective.At,
                "'objective' and 'trades' exclude each other",
                "with trades the attack maximises the distance of predictions: remove 'objective'"
            );
        if (entry is { Trades: not null, ConceptStability: { } stability })
            context.Report(
                stability.At,
                "'concept-stability' and 'trades' exclude each other",
                "the attack maximises one distance: that of concepts or that of emotions"
            );
        if (entry is { ConceptStability: not null, Objective: { } maximised })
            context.Report(
                maximised.At,
                "'objective' and 'concept-stability' exclude each other",
                "with concept-stability the attack maximises the distance of concepts: remove 'objective'"
            );
        if (entry is { PerturbedOnly: { Value: true } alone } && (entry.Trades is not null || entry.ConceptStability is not null))
            context.Report(
                alone.At,
                "'perturbed-only' excludes a penalty, which compares clean and perturbed predictions",
                "remove it, or the penalty"
            );
        if (entry.Precision is { Value: not (Precision.Fp32 or Precision.Bf16) } precision)
            context.Report(
                precision.At,
                $"'precision' is {precision.Value.ToString().ToLowerInvariant()}, which training cannot attack in",
                "fp32 or bf16"
            );
        return attack is null
            ? null
            : new AdversarialTraining(attack, entry.Every, budget, objective, entry.Trades)
            {
                Precision = entry.Precision?.Value ?? Precision.Fp32,
                ConceptStability = entry.ConceptStability?.Value,
                PerturbedOnly = entry.PerturbedOnly?.Value ?? false,
            };
    }

    private Budget? Budget(Located<AdversarialBudgetEntry> entry)
    {
        (Norm Norm, double? Size)[] sizes = [(Norm.Linf, entry.Value.Linf), (Norm.L2, entry.Value.L2), (Norm.Snr, entry.Value.Snr)];
        (Norm Norm, double? Size)[] given = [.. sizes.Where(s => s.Size is not null)];
        if (given.Length == 1)
            return new Budget(given[0].Norm, given[0].Size!.Value + 0.0);
        context.Report(
            entry.At,
            $"'budget' has {(given.Length == 0 ? "no norm" : "more than one norm")}",
            "give exactly one of: linf, l2, snr"
        );
        return null;
    }
}
