using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>Counts cells before they are made: a few lines can ask for more than memory holds.</summary>
internal static class MatrixSize
{
    // At a second a cell, eleven days.
    private const long Most = 1_000_000;

    /// <summary>What is wrong with the number of cells, or null.</summary>
    public static BenchmarkProblem? Complaint(BenchmarkDefinition definition)
    {
        var at = new SourceLocation(definition.File, 1, 1);
        long models = definition.Models.Count,
            seeds = definition.Seeds.Count,
            strengths = definition.Perturbations.Sum(p => (long)MatrixExpansion.CountStrengths(p));
        long cells = checked(models * strengths * seeds);
        if (cells > Most)
            return new BenchmarkProblem(
                at,
                $"the matrix has {ShortList.Count(cells)} cells before any is excluded: {ShortList.Count(models)} models x "
                    + $"{ShortList.Count(strengths)} budgets and severities x {ShortList.Count(seeds)} seeds; at most "
                    + $"{ShortList.Count(Most)} are possible",
                "list fewer of them, or split the file"
            );
        return MatrixExpansion.Expand(definition).Count > 0
            ? null
            : new BenchmarkProblem(at, "the matrix is empty: 'matrix.exclude' leaves out every cell", "exclude less");
    }
}
