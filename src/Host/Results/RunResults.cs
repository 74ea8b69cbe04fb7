using System.Text.Json;
using System.Text.Json.Serialization;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.IO;
using MerBench.Host.Plugins;

namespace MerBench.Host.Results;

/// <summary>The content of <c>results.json</c>: what was run, on what, and every cell.</summary>
public sealed record RunResults
{
    internal const int CurrentSchema = 1;

    /// <summary>Version of this layout.</summary>
    public required int Schema { get; init; }

    public required string Benchmark { get; init; }

    public required RunEnvironment Environment { get; init; }

    public required DatasetSummary Dataset { get; init; }

    /// <summary>Other datasets on which models were judged as well.</summary>
    public IReadOnlyList<EvaluationSummary> EvaluatedOn { get; init; } = [];

    public required IReadOnlyList<ModelSummary> Models { get; init; }

    public required IReadOnlyList<CellSummary> Cells { get; init; }

    public required IReadOnlyList<RobustnessRow> Summary { get; init; }

    /// <summary>How far a prediction must move for a success.</summary>
    public required string SuccessTolerance { get; init; }

    public required IReadOnlyList<MinimumNorm> MinimumNorms { get; init; }

    /// <summary>What models prove, beside what attacks reached; none where no model proves anything.</summary>
    public IReadOnlyList<CertifiedRow> Certificates { get; init; } = [];

    /// <summary>What defences cost and gain; none where no model is defended.</summary>
    public IReadOnlyList<DefenceRow> Defences { get; init; } = [];

    /// <summary>Models on their own dataset beside others; none where they were judged on one alone.</summary>
    public IReadOnlyList<AcrossRow> Across { get; init; } = [];

    /// <summary>Whether those that withstand perturbations are those that travel; none with fewer than three models.</summary>
    public IReadOnlyList<RobustnessBesideShift> BesideShift { get; init; } = [];

    public required IReadOnlyList<ConditionStatistics> Statistics { get; init; }

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

    /// <summary>What to call the metrics. It is no part of the file: of results that were read, it knows the metrics that come with
    /// MerBench.</summary>
    [JsonIgnore]
    public MetricDescriptions Metrics { get; init; } = MetricDescriptions.Bundled;

    public int DoubtfulCells => Cells.Count(c => c.Believable == Believable.Doubtful);

    /// <summary>Cells whose perturbation went beyond what their model proves.</summary>
    public int BeyondCertificate => Cells.Count(c => c.Result?.Certified?.Violations > 0);

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
                ResultsJson.Written
            )
        );
}

/// <summary>What a run ran on, and how it was asked for.</summary>
public sealed record RunEnvironment
{
    public required string MerBench { get; init; }

    public required string Contract { get; init; }

    public required string LibTorch { get; init; }

    public required string Device { get; init; }

    public required int Threads { get; init; }

    public required string Runtime { get; init; }

    public required string OperatingSystem { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Ids of the plugins used with the SHA-256 of their assemblies.</summary>
    public required IReadOnlyDictionary<string, string> Plugins { get; init; }

    /// <summary>The processor's name.</summary>
    public string Processor { get; init; } = "";

    /// <summary>What libtorch's convolutions were computed with, such as <c>avx2</c>: the processor's own, or a smaller one where that
    /// computes wrongly.</summary>
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

public sealed record DatasetSummary
{
    public required string Id { get; init; }

    public required string Fingerprint { get; init; }

    public required int Train { get; init; }

    public required int Validation { get; init; }

    public required int Test { get; init; }

    public required IReadOnlyList<string> Emotions { get; init; }

    public required IReadOnlyList<string> Concepts { get; init; }

    public required double Minimum { get; init; }

    public required double Maximum { get; init; }

    public required string Scale { get; init; }

    /// <summary>What somebody should know of recordings that were used, such as what was lost of them; null for nothing.</summary>
    public IReadOnlyList<string>? Remarks { get; init; }

    /// <summary>The mean that features were standardised by; null in results of older versions.</summary>
    public double? FeatureMean { get; init; }

    /// <summary>The standard deviation that features were standardised by.</summary>
    public double? FeatureStandardDeviation { get; init; }
}

/// <summary>Another dataset on which models were judged.</summary>
/// <param name="Name">As the benchmark calls it; perturbations on it end with <c>on NAME</c>.</param>
/// <param name="Id">Of its plugin.</param>
/// <param name="Test">Its clips.</param>
/// <param name="Emotions">Those of the benchmark's dataset that it rates as well.</param>
/// <param name="Labels">How its ratings became those, and what was left out.</param>
public sealed record EvaluationSummary(
    string Name,
    string Id,
    string Fingerprint,
    int Test,
    IReadOnlyList<string> Emotions,
    IReadOnlyList<string> Labels
);

public sealed record ModelSummary(string Name, string Use, int Seed, TrainedModel? Training)
{
    /// <summary>How it hears recordings; null for as the others do whom the dataset's summary describes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EarsSummary? Ears { get; init; }
}

/// <summary>How a model hears recordings; its specification has all options.</summary>
/// <param name="FrontEnd">Its id.</param>
/// <param name="SampleRate">In Hz.</param>
/// <param name="ExcerptSeconds">Length of an excerpt.</param>
/// <param name="FeatureMean">The mean that features were standardised by.</param>
/// <param name="FeatureStandardDeviation">The standard deviation that features were standardised by.</param>
public sealed record EarsSummary(
    string FrontEnd,
    int SampleRate,
    double ExcerptSeconds,
    double FeatureMean,
    double FeatureStandardDeviation
)
{
    public override string ToString() => FormattableString.Invariant($"{FrontEnd} at {SampleRate} Hz, {ExcerptSeconds} s");
}
