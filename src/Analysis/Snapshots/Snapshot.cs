using System.Text.Json;
using System.Text.Json.Serialization;
using MerBench.Analysis.Comparisons;
using MerBench.Host.Audit;
using MerBench.Host.Results;

namespace MerBench.Analysis.Snapshots;

/// <summary>The metrics of a benchmark that somebody accepted, or that a run found: the content of <c>NAME.verified.json</c> and <c>NAME.received.json</c>.</summary>
/// <param name="Schema">Version of this layout.</param>
/// <param name="Environment">What it was made on. Never compared; explains what moved.</param>
/// <param name="Clips">Ids of the test clips, in the order of <see cref="ClipErrors"/>.</param>
/// <param name="HigherIsBetter">Ids of those metrics where more is better.</param>
/// <param name="Cells">By name.</param>
/// <param name="Models">What each model depends on, by <see cref="ModelName"/>. Never compared; explains what moved.</param>
public sealed record Snapshot(
    int Schema,
    string Benchmark,
    SnapshotEnvironment Environment,
    IReadOnlyList<string> Clips,
    IReadOnlyList<string> HigherIsBetter,
    IReadOnlyDictionary<string, SnapshotCell> Cells,
    IReadOnlyDictionary<string, JsonElement> Models
)
{
    public const int CurrentSchema = 1;

    public static string ModelName(string model, int seed) => FormattableString.Invariant($"{model} / seed {seed}");

    /// <summary>What a cell of the snapshot was made from.</summary>
    internal CellOrigin OriginOf(SnapshotCell cell) =>
        new(
            cell.Perturbation,
            cell.Specification,
            [
                .. cell
                    .CraftedOn.Prepend(cell.Model)
                    .Where(m => Models.ContainsKey(ModelName(m, cell.Seed)))
                    .Select(m => new ModelOrigin(m, Models[ModelName(m, cell.Seed)])),
            ],
            Environment.Surroundings
        );

    /// <summary>Of a run's finished cells.</summary>
    /// <param name="store">Where the run has left its clips.</param>
    public static Snapshot Of(RunResults results, ResultStore store)
    {
        CellSummary[] finished = [.. results.Cells.Where(c => c.Result is not null)];
        Dictionary<string, IReadOnlyList<AttackLogRow>> rows = finished.ToDictionary(
            c => c.Name,
            c => ConditionLogs.Rows(c.Result!.Key, store),
            StringComparer.Ordinal
        );
        return new Snapshot(
            CurrentSchema,
            results.Benchmark,
            SnapshotEnvironment.Describe(results.Environment),
            [.. rows.Values.FirstOrDefault(r => r.Count > 0)?.Select(r => r.Clip) ?? []],
            results.HigherIsBetter,
            finished.ToDictionary(
                c => c.Name,
                c => SnapshotCell.Of(c, rows[c.Name], results.Specifications[c.Result!.Key]),
                StringComparer.Ordinal
            ),
            finished
                .SelectMany(c => c.CraftedOn.Append(c.Model).Select(model => (Model: model, c.Seed)))
                .Distinct()
                .Select(m =>
                    (
                        Name: ModelName(m.Model, m.Seed),
                        Key: results
                            .Cells.FirstOrDefault(c => c.Model == m.Model && c.Seed == m.Seed && c.Result is not null)
                            ?.Result!.ModelKey
                    )
                )
                .Where(m => m.Key is not null)
                .ToDictionary(m => m.Name, m => results.Specifications[m.Key!], StringComparer.Ordinal)
        );
    }
}

/// <summary>One cell of a snapshot.</summary>
/// <param name="Strength">Budget or severity as tables show it.</param>
/// <param name="CraftedOn">Models that the attack was crafted on instead.</param>
/// <param name="Metrics">By metric id; means over emotions.</param>
/// <param name="Specification">What the cell depends on, besides models. Never compared; explains what moved.</param>
public sealed record SnapshotCell(
    string Model,
    string Perturbation,
    string Strength,
    int Seed,
    Believable Believable,
    IReadOnlyList<string> CraftedOn,
    IReadOnlyDictionary<string, MetricValue> Metrics,
    ClipErrors Errors,
    JsonElement Specification
)
{
    internal static SnapshotCell Of(CellSummary cell, IReadOnlyList<AttackLogRow> rows, JsonElement specification) =>
        new(
            cell.Model,
            cell.Perturbation,
            cell.Strength,
            cell.Seed,
            cell.Believable!.Value,
            cell.CraftedOn,
            cell.Result!.Metrics.ToDictionary(m => m.Key, m => m.Value.Mean, StringComparer.Ordinal),
            new ClipErrors([.. rows.Select(r => r.CleanMae)], [.. rows.Select(r => r.PerturbedMae)]),
            specification
        );
}

/// <summary>Mean absolute errors over emotions, one a clip, in the order of <see cref="Snapshot.Clips"/>.</summary>
public sealed record ClipErrors(IReadOnlyList<double> Clean, IReadOnlyList<double> Perturbed);
