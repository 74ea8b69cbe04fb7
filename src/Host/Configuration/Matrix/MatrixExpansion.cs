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
                .. excluded[(null, perturbation.Name)],
                .. excluded[(model.Name, perturbation.Name)],
            ];
            if (without.Contains(null))
                continue;
            int[] seeds = [.. definition.Seeds.Except(without.Select(seed => seed!.Value))];
            foreach ((Budget? budget, int? severity) in Strengths(perturbation))
            foreach (int seed in seeds)
                cells.Add(new Cell(cells.Count, model, perturbation, budget, severity, seed));
        }

        return cells;
    }

    /// <summary>How many strengths a perturbation is run at.</summary>
    public static int CountStrengths(PerturbationDefinition perturbation) =>
        perturbation.IsCorruption ? perturbation.Severities.Count : Math.Max(1, perturbation.Budgets.Count);

    private static IEnumerable<(Budget? Budget, int? Severity)> Strengths(PerturbationDefinition perturbation)
    {
        if (perturbation.IsCorruption)
            return perturbation.Severities.Select(s => ((Budget?)null, (int?)s));
        return perturbation.Budgets.Count == 0 ? [(null, null)] : perturbation.Budgets.Select(b => ((Budget?)b, (int?)null));
    }
}
