using System.Text.Json;
using MerBench.Host.Results;
using MerBench.Host.Training;

namespace MerBench.Reports.Paper;

/// <summary>What a run did, as its results and the specifications of its models and cells say.</summary>
internal sealed class RunFacts
{
    public RunFacts(RunResults results)
    {
        Results = results;
        Models =
        [
            .. results
                .Models.GroupBy(m => m.Name, StringComparer.Ordinal)
                .Select(m => new ModelFacts(
                    m.Key,
                    m.First().Use,
                    [.. m.Select(s => s.Seed)],
                    SpecificationOf(results, m.Key),
                    [.. m.Select(s => s.Training?.Outcome).OfType<TrainingOutcome>()]
                )
                {
                    Ears = m.First().Ears,
                }),
        ];
        Perturbations =
        [
            .. results
                .Cells.GroupBy(c => c.Perturbation, StringComparer.Ordinal)
                .Select(p => new PerturbationFacts(
                    [.. p],
                    p.Where(c => c.Result is not null).Select(c => Find(results, c.Result!.Key)).FirstOrDefault(s => s is not null)
                )),
        ];
        JsonElement? any = Models.OrderBy(m => m.Ears is not null).Select(m => m.Specification).FirstOrDefault(s => s is not null);
        FrontEnd = any?.GetProperty("front-end");
        Preparation = any?.GetProperty("preparation");
    }

    public RunResults Results { get; }

    public IReadOnlyList<ModelFacts> Models { get; }

    public IReadOnlyList<PerturbationFacts> Perturbations { get; }

    /// <summary>Its id and options; null where no cell was finished.</summary>
    public JsonElement? FrontEnd { get; }

    public JsonElement? Preparation { get; }

    public IReadOnlyList<int> Seeds => [.. Results.Models.Select(m => m.Seed).Distinct().Order()];

    private static JsonElement? SpecificationOf(RunResults results, string model) =>
        results
            .Cells.Where(c => c.Model == model && c.Result is not null)
            .Select(c => Find(results, c.Result!.ModelKey))
            .FirstOrDefault(s => s is not null);

    private static JsonElement? Find(RunResults results, string key) =>
        results.Specifications.TryGetValue(key, out JsonElement specification) ? specification : null;
}

/// <param name="Seeds">Of its trainings.</param>
/// <param name="Specification">Of one of them; they differ by seed alone. Null where no cell was finished.</param>
/// <param name="Trainings">What they did; none for weights that were loaded.</param>
internal sealed record ModelFacts(
    string Name,
    string Use,
    IReadOnlyList<int> Seeds,
    JsonElement? Specification,
    IReadOnlyList<TrainingOutcome> Trainings
)
{
    /// <summary>How it hears recordings; null for as the dataset's summary says.</summary>
    public EarsSummary? Ears { get; init; }

    public JsonElement? Options => Specification?.GetProperty("model").GetProperty("options");

    /// <summary>By gradient descent, in this run or before.</summary>
    public bool IsTrained => Recipe is not null && Trainings.Any(t => t.EpochsRun > 0);

    /// <summary>In closed form, or by a procedure of its own.</summary>
    public bool IsFitted => Trainings.Count > 0 && !IsTrained;

    public bool HasLoadedWeights => Specification?.GetProperty("weights").ValueKind == JsonValueKind.String;

    public JsonElement? Recipe => Specification?.GetProperty("train") is { ValueKind: JsonValueKind.Object } recipe ? recipe : null;

    public JsonElement? Adversarial => Find("adversarial");

    /// <summary>Free adversarial training.</summary>
    public JsonElement? Free => Find("free");

    /// <summary>Standard deviation of noise on training clips.</summary>
    public double? TrainingNoise => Find("training-noise")?.GetDouble();

    private JsonElement? Find(string name) => Specification is { } s && s.TryGetProperty(name, out JsonElement value) ? value : null;
}

/// <param name="Cells">All of them, failed ones too.</param>
/// <param name="Specification">Of a finished one; null where all failed.</param>
internal sealed record PerturbationFacts(IReadOnlyList<CellSummary> Cells, JsonElement? Specification)
{
    public CellSummary First => Cells[0];

    public bool IsCorruption => First.Objective is null;

    public JsonElement Options => JsonDocument.Parse(First.Options).RootElement;

    public IReadOnlyList<int> Severities => [.. Cells.Select(c => c.Severity).OfType<int>().Distinct().Order()];

    public IEnumerable<IGrouping<string, double>> Budgets =>
        Cells
            .Where(c => c.Norm is not null)
            .Select(c => (Norm: c.Norm!, Size: c.Size!.Value))
            .Distinct()
            .GroupBy(b => b.Norm, b => b.Size, StringComparer.Ordinal);

    public bool HasUnbounded => Cells.Any(c => c.Norm is null && c.Severity is null);
}
