using System.Text.Json;
using MerBench.Analysis.Comparisons;
using MerBench.Analysis.Snapshots;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Configuration.Reading;
using MerBench.Host.Results;
using MerBench.Host.Tests.Benchmarks;

namespace MerBench.Host.Tests.Snapshots;

/// <summary>Two snapshots of a benchmark with one model and one attack, made from given errors, and their comparison.</summary>
internal sealed class Comparison
{
    public string Tolerance { get; init; } = "{ default: { absolute: 0.001 } }";

    public string Budgets { get; init; } = "[0.1]";

    public int Seeds { get; init; } = 1;

    /// <summary>Errors by cell and clip.</summary>
    public required Func<Cell, double[]> Accepted { get; init; }

    public required Func<Cell, double[]> Received { get; init; }

    public Func<double[], double> Metric { get; init; } = errors => errors.Average();

    public Func<Snapshot, Snapshot> ChangeAccepted { get; init; } = s => s;

    public Func<Snapshot, Snapshot> ChangeReceived { get; init; } = s => s;

    public Func<CellSummary, CellSummary> ChangeCell { get; init; } = c => c;

    public Believable ReceivedBelievable { get; init; }

    public static SnapshotEnvironment Environment { get; } =
        new("0.1.0", "1.1", "2.10.0", "cpu", 2, ".NET", "Linux") { Processor = "AMD EPYC", InstructionSet = "avx2" };

    public BenchmarkDefinition Definition =>
        BenchmarkReader
            .Parse(
                $$"""
                name: b
                dataset: cues
                models:
                  m: { use: vgg }
                perturbations:
                  p: { use: pgd, budgets: { linf: {{Budgets}} } }
                seeds: [{{string.Join(", ", Enumerable.Range(1, Seeds))}}]
                metrics: [mae]
                snapshot: { tolerance: {{Tolerance}} }
                """,
                "/b.yaml",
                Fixtures.Make("/plugins.dll")
            )
            .DefinitionOrThrow();

    public IReadOnlyList<ConditionComparison> Run()
    {
        BenchmarkDefinition definition = Definition;
        IReadOnlyList<Cell> cells = MatrixExpansion.Expand(definition);
        return SnapshotComparison.Compare(
            ChangeAccepted(Make(cells, Accepted)),
            ChangeReceived(Make(cells, Received, ReceivedBelievable)),
            [.. cells.Select(Summary).Select(ChangeCell)],
            definition
        );
    }

    public Snapshot Make(IReadOnlyList<Cell> cells, Func<Cell, double[]> errors, Believable believable = Believable.Yes) =>
        new(
            Snapshot.CurrentSchema,
            "b",
            Environment,
            [.. Enumerable.Range(0, errors(cells[0]).Length).Select(i => $"clip {i}")],
            [],
            cells.ToDictionary(
                c => c.Name,
                c => new SnapshotCell
                {
                    Model = c.Model.Name,
                    Perturbation = c.Perturbation.Name,
                    Strength = c.Strength,
                    Seed = c.Seed,
                    Believable = believable,
                    CraftedOn = [],
                    Metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal)
                    {
                        ["mae"] = new(0.1, Metric(errors(c)), Metric(errors(c)) - 0.1),
                    },
                    Errors = new ClipErrors([.. errors(c).Select(_ => 0.1)], errors(c)),
                    Specification = Json("""{"perturbation":{"assembly":"a","options":{"steps":5}},"model":"key"}"""),
                },
                StringComparer.Ordinal
            ),
            Enumerable
                .Range(1, Seeds)
                .ToDictionary(
                    s => Snapshot.ModelName("m", s),
                    _ => Json("""{"model":{"assembly":"a","options":{"width":1}},"device":"cpu","weights":null}"""),
                    StringComparer.Ordinal
                )
        );

    public static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    private CellSummary Summary(Cell cell) =>
        new()
        {
            Name = cell.Name,
            Model = cell.Model.Name,
            Perturbation = cell.Perturbation.Name,
            Strength = cell.Strength,
            Use = "pgd",
            Options = "{}",
            LabelPreserving = true,
            Domain = "features",
            Objective = "mse",
            CraftedOn = [],
            Norm = "linf",
            Size = 0.1,
            Severity = null,
            Seed = cell.Seed,
            FromStore = false,
            Failure = null,
            Believable = ReceivedBelievable,
            Doubts = ReceivedBelievable == Believable.Yes ? [] : [new Doubt("zero-gradient", "its gradient is zero")],
            Result = null,
        };
}
