using System.Text.Json;
using System.Text.Json.Serialization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Configuration.Matrix;
using MerBench.Host.IO;
using MerBench.Host.Plugins;

namespace MerBench.Host.Results;

/// <summary>The content of <c>results.json</c>: what was run, on what, and every cell.</summary>
/// <param name="Schema">Version of this layout.</param>
/// <param name="SuccessTolerance">How far a prediction must move for a success.</param>
public sealed record RunResults(
    int Schema,
    string Benchmark,
    RunEnvironment Environment,
    DatasetSummary Dataset,
    IReadOnlyList<ModelSummary> Models,
    IReadOnlyList<CellSummary> Cells,
    IReadOnlyList<RobustnessRow> Summary,
    string SuccessTolerance,
    IReadOnlyList<MinimumNorm> MinimumNorms,
    IReadOnlyList<ConditionStatistics> Statistics
)
{
    /// <summary>What each key of a model or cell stands for: its specification, whose SHA-256 is the key.</summary>
    public IReadOnlyDictionary<string, JsonElement> Specifications { get; init; } =
        new Dictionary<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>Where the plugins that were used come from, by kind and id, such as <c>attack/pgd</c>.</summary>
    public IReadOnlyDictionary<string, PluginSource> Sources { get; init; } = new Dictionary<string, PluginSource>(StringComparer.Ordinal);

    /// <summary>Who made it; null where the benchmark does not say.</summary>
    public About? About { get; init; }

    /// <summary>What leaderboards rank models by; null where the benchmark declares nothing.</summary>
    public ThreatModel? ThreatModel { get; init; }

    /// <summary>Ids of those metrics where more is better.</summary>
    public IReadOnlyList<string> HigherIsBetter { get; init; } = [];

    /// <summary>What to call the metrics. It is no part of the file: of results that were read, it knows the metrics that come with MerBench.</summary>
    [JsonIgnore]
    public MetricDescriptions Metrics { get; init; } = MetricDescriptions.Bundled;

    public int DoubtfulCells => Cells.Count(c => c.Believable == Believable.Doubtful);

    public int FailedCells => Cells.Count(c => c.Failure is not null);

    /// <summary>Writes the results without the numbers of single clips, which stand in the tables.</summary>
    public void Write(string path) =>
        AtomicFile.Write(
            path,
            JsonSerializer.SerializeToUtf8Bytes(
                this with
                {
                    Cells = [.. Cells.Select(c => c with { Result = c.Result?.WithoutClips() })],
                },
                ResultJson.Options
            )
        );
}

/// <summary>What a run ran on, and how it was asked for.</summary>
/// <param name="Plugins">Ids of the plugins used with the SHA-256 of their assemblies.</param>
public sealed record RunEnvironment(
    string MerBench,
    string Contract,
    string LibTorch,
    string Device,
    int Threads,
    string Runtime,
    string OperatingSystem,
    DateTimeOffset Started,
    double Seconds,
    IReadOnlyDictionary<string, string> Plugins
)
{
    /// <summary>The processor's name.</summary>
    public string Processor { get; init; } = "";

    /// <summary>What libtorch's convolutions were computed with, such as <c>avx2</c>: the processor's own, or a smaller one where that computes wrongly.</summary>
    public string InstructionSet { get; init; } = "";

    /// <summary>The processor, and what its convolutions were computed with where that is known.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string ProcessorAndInstructions => InstructionSet.Length == 0 ? Processor : $"{Processor} with {InstructionSet}";

    /// <summary>What the self-test of libtorch's arithmetic found wrong, and what was done; empty when all was well.</summary>
    public string Arithmetic { get; init; } = "";

    /// <summary>Clips a batch when predicting and attacking, as the benchmark file says; results agree up to rounding.</summary>
    public int Batch { get; init; }

    /// <summary>The benchmark file's name.</summary>
    public string File { get; init; } = "";

    /// <summary>The commit of the benchmark file, with <c>+changes</c> where the file differs from it; null outside of git.</summary>
    public string? Commit { get; init; }

    /// <summary>The command line; null where a program called the host.</summary>
    public string? Command { get; init; }

    /// <summary>What the benchmark asks attacks to compute in; cells say in what they did.</summary>
    public Precision Precision { get; init; }
}

public sealed record DatasetSummary(
    string Id,
    string Fingerprint,
    int Train,
    int Validation,
    int Test,
    IReadOnlyList<string> Emotions,
    IReadOnlyList<string> Concepts,
    double Minimum,
    double Maximum,
    string Scale
)
{
    /// <summary>The mean that features were standardised by; null in results of older versions.</summary>
    public double? FeatureMean { get; init; }

    /// <summary>The standard deviation that features were standardised by.</summary>
    public double? FeatureStandardDeviation { get; init; }
}

public sealed record ModelSummary(string Name, string Use, int Seed, TrainedModel? Training);

/// <param name="Use">The plugin's id.</param>
/// <param name="Options">Its options as canonical JSON.</param>
/// <param name="LabelPreserving">False where the corruption changes what listeners feel, so that ratings no longer hold.</param>
/// <param name="Objective">What the attack maximised; null for corruptions.</param>
/// <param name="CraftedOn">The models that the attack was crafted on instead of the attacked one; empty for most.</param>
/// <param name="Believable">Whether no check found a reason to doubt the cell; null when it failed.</param>
/// <param name="Doubts">The reasons.</param>
public sealed record CellSummary(
    string Name,
    string Model,
    string Perturbation,
    string Strength,
    string Use,
    string Options,
    bool LabelPreserving,
    string Domain,
    string? Objective,
    IReadOnlyList<string> CraftedOn,
    string? Norm,
    double? Size,
    int? Severity,
    int Seed,
    bool FromStore,
    string? Failure,
    Believable? Believable,
    IReadOnlyList<Doubt> Doubts,
    CellResult? Result
)
{
    /// <param name="doubts">Those that come from comparing cells.</param>
    public static CellSummary From(CellOutcome outcome, IEnumerable<Doubt> doubts)
    {
        Cell cell = outcome.Cell;
        PerturbationDefinition perturbation = cell.Perturbation;
        Doubt[] all = [.. outcome.Result?.Doubts ?? [], .. doubts];
        return new CellSummary(
            cell.Name,
            cell.Model.Name,
            perturbation.Name,
            cell.Strength,
            perturbation.Use.Plugin.Id,
            perturbation.Use.OptionsJson,
            perturbation.LabelPreserving,
            perturbation.Domain.ToString().ToLowerInvariant(),
            perturbation.IsCorruption ? null : perturbation.Objective,
            perturbation.Surrogates,
            cell.Budget?.Norm.ToString().ToLowerInvariant(),
            cell.Budget?.Size,
            cell.Severity,
            cell.Seed,
            outcome.FromStore,
            outcome.Failure,
            outcome.Result is null ? null
                : all.Length == 0 ? Results.Believable.Yes
                : Results.Believable.Doubtful,
            all,
            outcome.Result
        );
    }
}

/// <summary>Whether a result may be taken for the truth about a model.</summary>
public enum Believable
{
    /// <summary>No check found a reason not to.</summary>
    Yes,

    /// <summary>A check found a reason: the model may be less robust than it looks.</summary>
    Doubtful,
}
