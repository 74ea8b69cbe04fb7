using MathNet.Numerics.Statistics;

namespace MerBench.Host.Results;

/// <summary>The smallest perturbations that succeeded, over the clips and seeds of a model under a perturbation.</summary>
/// <param name="Norm">How size is measured: linf, l2 or snr.</param>
/// <param name="Succeeded">Share of clips and seeds that succeeded at any strength.</param>
/// <param name="Median">Median of the smallest sizes (for snr the largest SNR in dB), failures counted as larger than any; null when half
/// or more of the clips did not succeed.</param>
public sealed record MinimumNorm(string Model, string Perturbation, string Norm, double Succeeded, double? Median)
{
    /// <summary>A row for each norm of a perturbation's budgets; for an attack without budgets one in linf and one in l2.</summary>
    public static IReadOnlyList<MinimumNorm> Summarise(IEnumerable<CellOutcome> outcomes) =>
        [
            .. outcomes
                .Where(o => o.Result?.Successes.Count > 0 && !o.Cell.Perturbation.IsCorruption)
                .SelectMany(o => NormsOf(o).Select(norm => (Norm: norm, Outcome: o)))
                .GroupBy(o => (Model: o.Outcome.Cell.Model.Name, Perturbation: o.Outcome.Cell.Perturbation.Name, o.Norm))
                .Select(group =>
                {
                    // The least of each clip and seed over all strengths.
                    double[] least =
                    [
                        .. group
                            .GroupBy(o => o.Outcome.Cell.Seed)
                            .SelectMany(seed =>
                                Enumerable
                                    .Range(0, seed.First().Outcome.Result!.Successes.Count)
                                    .Select(clip => seed.Min(o => Size(o.Outcome.Result!.Successes[clip], group.Key.Norm)))
                            ),
                    ];
                    bool isKnown = double.IsFinite(least.Order().ElementAt(least.Length / 2));
                    return new MinimumNorm(
                        group.Key.Model,
                        group.Key.Perturbation,
                        group.Key.Norm.ToString().ToLowerInvariant(),
                        least.Average(s => double.IsFinite(s) ? 1.0 : 0.0),
                        isKnown ? Restore(least.Median(), group.Key.Norm) : null
                    );
                }),
        ];

    private static Norm[] NormsOf(CellOutcome outcome) =>
        outcome.Cell.Budget is { } budget ? [budget.Norm] : [MerBench.Norm.Linf, MerBench.Norm.L2];

    // A larger SNR is a smaller perturbation.
    private static double Size(SizeOfSuccess? success, Norm norm) =>
        (success, norm) switch
        {
            (null, _) => double.PositiveInfinity,
            (_, MerBench.Norm.Linf) => success.Linf,
            (_, MerBench.Norm.L2) => success.L2,
            _ => -(success.SnrDb ?? 1000),
        };

    private static double Restore(double size, Norm norm) => norm == MerBench.Norm.Snr ? -size : size;
}
