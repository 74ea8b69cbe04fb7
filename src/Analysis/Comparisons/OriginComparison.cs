using System.Globalization;
using MerBench.Host.Results;

namespace MerBench.Analysis.Comparisons;

/// <summary>What differs between what the cells of two runs were made from.</summary>
internal sealed class OriginComparison(RunResults before, RunResults after)
{
    private readonly Dictionary<(string Model, int Seed), string> _keysBefore = ModelKeys(before),
        _keysAfter = ModelKeys(after);

    public IReadOnlyList<Cause> CausesOf(CellPair pair) =>
        Cause.Between(OriginOf(before, _keysBefore, pair.Before), OriginOf(after, _keysAfter, pair.After));

    private static CellOrigin OriginOf(RunResults run, Dictionary<(string Model, int Seed), string> keys, CellSummary cell) =>
        new(
            cell.Perturbation,
            run.Specifications[cell.Result!.Key],
            [
                .. cell
                    .CraftedOn.Prepend(cell.Model)
                    .Where(m => keys.ContainsKey((m, cell.Seed)))
                    .Select(m => new ModelOrigin(m, run.Specifications[keys[(m, cell.Seed)]])),
            ],
            [
                .. SnapshotEnvironment.Describe(run.Environment).Surroundings,
                new("batch", CauseKind.Device, run.Environment.Batch.ToString(CultureInfo.InvariantCulture)),
            ]
        );

    private static Dictionary<(string Model, int Seed), string> ModelKeys(RunResults run) =>
        run
            .Cells.Where(c => c.Result is not null)
            .GroupBy(c => (c.Model, c.Seed))
            .ToDictionary(g => g.Key, g => g.First().Result!.ModelKey);
}
