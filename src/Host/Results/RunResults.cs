using System.Text.Json;
using MerBench.Host.Execution;

namespace MerBench.Host.Results;

/// <summary>The content of <c>results.json</c>: what was run, on what, and every cell.</summary>
/// <param name="Schema">Version of this layout.</param>
public sealed record RunResults(
    int Schema,
    string Benchmark,
    RunEnvironment Environment,
    DatasetSummary Dataset,
    IReadOnlyList<ModelSummary> Models,
    IReadOnlyList<CellSummary> Cells,
    IReadOnlyList<RobustnessRow> Summary,
    IReadOnlyList<ConditionStatistics> Statistics)
{
    public int FailedCells => Cells.Count(c => c.Failure is not null);

    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, ResultJson.Options));
}

/// <param name="Plugins">Ids of the plugins used with the SHA-256 of their assemblies.</param>
public sealed record RunEnvironment(
    string MerBench, string Contract, string LibTorch, string Device, int Threads, string Runtime, string OperatingSystem,
    DateTimeOffset Started, double Seconds, IReadOnlyDictionary<string, string> Plugins);

public sealed record DatasetSummary(
    string Id, string Fingerprint, int Train, int Validation, int Test, IReadOnlyList<string> Emotions, IReadOnlyList<string> Concepts,
    double Minimum, double Maximum, string Scale);

public sealed record ModelSummary(string Name, string Use, int Seed, TrainedModel? Training);

/// <param name="LabelPreserving">False where the corruption changes what listeners feel, so that ratings no longer hold.</param>
public sealed record CellSummary(
    string Name, string Model, string Perturbation, bool LabelPreserving, string Domain, string? Norm, double? Size, int? Severity, int Seed, bool FromStore, string? Failure, CellResult? Result)
{
    public static CellSummary From(CellOutcome outcome) => new(
        outcome.Cell.Name, outcome.Cell.Model.Name, outcome.Cell.Perturbation.Name, outcome.Cell.Perturbation.LabelPreserving, outcome.Cell.Perturbation.Domain.ToString().ToLowerInvariant(),
        outcome.Cell.Budget?.Norm.ToString().ToLowerInvariant(), outcome.Cell.Budget?.Size, outcome.Cell.Severity, outcome.Cell.Seed,
        outcome.FromStore, outcome.Failure, outcome.Result);
}
