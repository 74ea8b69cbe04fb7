using System.Text.Json;
using MerBench.Analysis.Comparisons;
using MerBench.Host.Results;
using MerBench.Host.Runs;

namespace MerBench.Analysis.Snapshots;

/// <summary>The metrics of a benchmark that somebody accepted, or that a run found: the content of <c>NAME.verified.json</c> and
/// <c>NAME.received.json</c>.</summary>
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

    /// <summary>Takes one of a run's finished cells.</summary>
    public static Snapshot Create(FinishedRun run)
    {
        RunResults results = run.Results;
        CellSummary[] finished = [.. results.Cells.Where(c => c.Result is not null)];
        var found = run
            .Conditions.SelectMany(c => c.Logs.Select(log => (Key: (log.System, c.Perturbation, c.Strength, log.Seed), log.Rows)))
            .ToDictionary(log => log.Key, log => log.Rows);
        // The store may have lost a cell's clips.
        Dictionary<string, IReadOnlyList<ClipRow>> rows = finished.ToDictionary(
            c => c.Name,
            c => found.GetValueOrDefault((c.Model, c.Perturbation, c.Strength, c.Seed), []),
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
                c => SnapshotCell.Create(c, rows[c.Name], results.Specifications[c.Result!.Key]),
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
public sealed record SnapshotCell
{
    public required string Model { get; init; }

    public required string Perturbation { get; init; }

    /// <summary>Budget or severity as tables show it.</summary>
    public required string Strength { get; init; }

    public required int Seed { get; init; }

    public required Believable Believable { get; init; }

    /// <summary>Models that the attack was crafted on instead.</summary>
    public required IReadOnlyList<string> CraftedOn { get; init; }

    /// <summary>By metric id; means over emotions.</summary>
    public required IReadOnlyDictionary<string, MetricValue> Metrics { get; init; }

    public required ClipErrors Errors { get; init; }

    /// <summary>What the cell depends on, besides models. Never compared; explains what moved.</summary>
    public required JsonElement Specification { get; init; }

    /// <summary>See <see cref="Host.Configuration.Matrix.Cell.Name"/>.</summary>
    internal string Name => FormattableString.Invariant($"{Model} / {Perturbation} / {Strength} / seed {Seed}");

    internal static SnapshotCell Create(CellSummary cell, IReadOnlyList<ClipRow> rows, JsonElement specification) =>
        new()
        {
            Model = cell.Model,
            Perturbation = cell.Perturbation,
            Strength = cell.Strength,
            Seed = cell.Seed,
            Believable = cell.Believable!.Value,
            CraftedOn = cell.CraftedOn,
            Metrics = cell.Result!.Metrics.ToDictionary(m => m.Key, m => m.Value.Mean, StringComparer.Ordinal),
            Errors = new ClipErrors([.. rows.Select(r => r.Error.Clean)], [.. rows.Select(r => r.Error.Perturbed)]),
            Specification = specification,
        };
}

/// <summary>Mean absolute errors over emotions, one a clip, in the order of <see cref="Snapshot.Clips"/>.</summary>
public sealed record ClipErrors(IReadOnlyList<double> Clean, IReadOnlyList<double> Perturbed);
