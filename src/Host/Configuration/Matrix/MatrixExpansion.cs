using MerBench.Host.Configuration.Benchmarks;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>From a definition to its cells.</summary>
public static class MatrixExpansion
{
    /// <summary>Models x perturbations x strengths x seeds, in this order (seeds change fastest), minus what is excluded.</summary>
    public static IReadOnlyList<Cell> Expand(BenchmarkDefinition definition)
    {
        var cells = new List<Cell>();
        ILookup<(string?, string?), int?> excluded = definition.Exclude.ToLookup(e => (e.Model, e.Perturbation), e => e.Seed);
        foreach (ModelDefinition model in definition.Models)
        foreach (PerturbationDefinition perturbation in definition.Perturbations)
        {
            int?[] without =
            [
                .. excluded[(null, null)],
                .. excluded[(model.Name, null)],
                .. excluded[(null, perturbation.Entry)],
                .. excluded[(model.Name, perturbation.Entry)],
            ];
            if (without.Contains(null))
                continue;
            int[] seeds = [.. definition.Seeds.Except(without.Select(seed => seed!.Value))];
            foreach ((Budget? budget, double? excess, int? severity) in Strengths(perturbation))
            foreach (int seed in seeds)
                cells.Add(new Cell(cells.Count, model, perturbation, budget, severity, seed) { MaskingExcess = excess });
        }

        return cells;
    }

    /// <summary>How many strengths a perturbation is run at.</summary>
    public static int CountStrengths(PerturbationDefinition perturbation) => Strengths(perturbation).Count();

    private static IEnumerable<(Budget? Budget, double? MaskingExcess, int? Severity)> Strengths(PerturbationDefinition perturbation)
    {
        if (perturbation.IsCorruption)
            return perturbation.Severities.Select(s => ((Budget?)null, (double?)null, (int?)s));
        (Budget?, double?, int?)[] all =
        [
            .. perturbation.Budgets.Select(b => ((Budget?)b, (double?)null, (int?)null)),
            .. perturbation.MaskingExcesses.Select(e => ((Budget?)null, (double?)e, (int?)null)),
        ];
        return all.Length == 0 ? [(null, null, null)] : all;
    }
}
