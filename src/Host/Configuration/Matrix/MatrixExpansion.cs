using MerBench.Host.Configuration.Benchmarks;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>From a definition to its cells.</summary>
public static class MatrixExpansion
{
    /// <summary>Models x perturbations x strengths x seeds, in this order (seeds change fastest), minus what is excluded.</summary>
    public static IReadOnlyList<Cell> Expand(BenchmarkDefinition definition)
    {
        var cells = new List<Cell>();
        foreach (ModelDefinition model in definition.Models)
        {
            MatrixExclude[] ofModel = [.. definition.Exclude.Where(e => e.Model is null || e.Model == model.Name)];
            foreach (PerturbationDefinition perturbation in definition.Perturbations)
            {
                MatrixExclude[] ofBoth = [.. ofModel.Where(e => e.Perturbation is null || e.Perturbation == perturbation.Name)];
                if (ofBoth.Any(e => e.Seed is null))
                    continue;
                int[] seeds = [.. definition.Seeds.Except(ofBoth.Select(e => e.Seed!.Value))];
                foreach ((Budget? budget, int? severity) in Strengths(perturbation))
                foreach (int seed in seeds)
                    cells.Add(new Cell(cells.Count, model, perturbation, budget, severity, seed));
            }
        }

        return cells;
    }

    private static IEnumerable<(Budget? Budget, int? Severity)> Strengths(PerturbationDefinition perturbation)
    {
        if (perturbation.IsCorruption)
            return perturbation.Severities.Select(s => ((Budget?)null, (int?)s));
        return perturbation.Budgets.Count == 0 ? [(null, null)] : perturbation.Budgets.Select(b => ((Budget?)b, (int?)null));
    }
}
