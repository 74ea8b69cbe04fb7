using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Options;
using MerBench.Host.Text;
using MerBench.Host.Torch;
using MerBench.Host.Yaml;

namespace MerBench.Host.Configuration.Reading;

// The file as written, before plugins are known: its shape is the reference of what keys there are, for reading and for the schema.
[BindPartially, BindProperties]
internal sealed record BenchmarkFile(SourceLocation At)
{
    [Description("Where the clips and ratings come from.")]
    [Required]
    public PluginEntry? Dataset { get; init; }

    [Description("The models to compare, by names of your choice.")]
    [Required]
    [MinLength(1)]
    public IReadOnlyDictionary<string, ModelEntry>? Models { get; init; }

    [Description("The attacks and corruptions to run, by names of your choice.")]
    [Required]
    [MinLength(1)]
    public IReadOnlyDictionary<string, PerturbationEntry>? Perturbations { get; init; }

    [Description("The benchmark's name; the file's name when left out.")]
    public Located<string>? Name { get; init; }

    [Description("The map from waveform to features, for models that name none; madmom-log when left out.")]
    public PluginEntry? FrontEnd { get; init; }

    [Description("Seeds of initialisation, training and attacks; each makes a cell. [1] when left out.")]
    [MinLength(1)]
    public IReadOnlyList<Located<int>>? Seeds { get; init; }

    [Description("Measures of agreement; mae, rmse, pearson, ccc and r2 when left out.")]
    [MinLength(1)]
    public IReadOnlyList<PluginEntry>? Metrics { get; init; }

    [Description("What to leave out of models x perturbations x strengths x seeds.")]
    public MatrixEntry? Matrix { get; init; }

    [Description(
        "Other datasets on which models are judged as well, by names of your choice: each perturbation runs on them too, as 'pgd on NAME'."
    )]
    public IReadOnlyDictionary<string, EvaluationSetEntry>? EvaluateOn { get; init; }

    [Description("How recordings become inputs; what is left out is the dataset's choice.")]
    public ExcerptEntry? Excerpt { get; init; }

    [Description("How cells are run; changes memory and time, not results.")]
    public EvaluationEntry? Evaluation { get; init; }

    [Description(
        "Where cells are computed: auto (a GPU if there is one), cpu, cuda, cuda:N or cuda:all; a list shares the run, a worker process "
            + "each. The option --device wins. auto when left out."
    )]
    public DeviceNames? Device { get; init; }

    [Description(
        "Where cells run that need plugins of others, or modules that are code: process (worker processes, which may crash) or none (the "
            + "run's own process). The option --isolation wins. process when left out."
    )]
    public Isolation? Isolation { get; init; }

    [Description("Who computes the cells: this machine, or a cluster. This machine when left out.")]
    public ExecutorEntry? Executor { get; init; }

    [Description("When a perturbation has succeeded: how far it must move a prediction.")]
    public Located<SuccessEntry>? Success { get; init; }

    [Description("How 'verify' compares with the accepted metrics.")]
    public SnapshotEntry? Snapshot { get; init; }

    [Description("Which perturbations models are to withstand; leaderboards rank by the worst of them on each clip.")]
    public Located<ThreatModelEntry>? ThreatModel { get; init; }

    [Description("Who made it and where to read more, for leaderboards.")]
    public AboutEntry? About { get; init; }
}

[BindPartially]
internal sealed record AboutEntry(
    [Description("Names of people or a group.")] string? By = null,
    [Description("An address of the web, such as of a paper or of code.")] Located<string>? Link = null
);

[BindPartially]
internal sealed record ThreatModelEntry(
    [Description("Its name in leaderboards; entries are comparable only under the same one.")] [Required] Located<string>? Name,
    [Description("The perturbations that belong to it, by their names; all that keep the labels and are within the budget when left out.")]
    [MinLength(1)]
        IReadOnlyList<Located<string>>? Perturbations = null,
    [Description("The largest size of attacks, in one norm; attacks without a budget when left out.")]
        Located<AdversarialBudgetEntry>? Budget = null,
    [Description("The largest severity of corruptions; 5 when left out.")] [Range(1, 5)] int? Severity = null,
    [Description("What the adversary knows; found from the perturbations when left out, and checked against them.")]
        Located<AdversaryKnowledge>? Knowledge = null
);

[BindPartially]
internal sealed record SuccessEntry(
    [Description("The same for all clips and emotions, in rating units; a tenth of the scale when both are left out.")]
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
        double? Tolerance = null,
    [Description("In multiples of the annotators' standard deviation of each clip and emotion, for datasets that have it.")]
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
        double? AnnotatorSd = null
);

[BindPartially, Shorthand("use")]
internal sealed record ModelEntry(
    [Description("The model plugin's id; 'merbench list' shows them.")] [Required] Located<string>? Use,
    SourceLocation At,
    [Description("The plugin's options; 'merbench describe' shows them.")] Node? With = null,
    [Description("The training recipe.")] Located<TrainEntry>? Train = null,
    [Description("Weights to load instead of training.")] WeightsEntry? Weights = null,
    [Description("The map from waveform to features for this model, and so its sample rate; the benchmark's when left out.")]
        PluginEntry? FrontEnd = null,
    [Description("How recordings become inputs of this model; what is left out is as for the benchmark.")] ExcerptEntry? Excerpt = null
);

[BindPartially, Shorthand("path")]
internal sealed record WeightsEntry(
    [Description("A .safetensors, .pt or .pth file; {seed} stands for the seed.")] [Required] Located<string>? Path,
    [Description("Under which a checkpoint has the weights, such as ema; found when left out.")] string? Key = null
);

[BindPartially, Shorthand("use")]
internal sealed record PerturbationEntry(
    [Description("The id of an attack or corruption; 'merbench list' shows them.")] [Required] Located<string>? Use,
    SourceLocation At,
    [Description("The plugin's options; 'merbench describe' shows them.")] Node? With = null,
    [Description("Attacks: the sizes to try, by norm; each makes a cell. One cell without a budget when left out.")]
        Located<BudgetsEntry>? Budgets = null,
    [Description("Corruptions: the severities to run; each makes a cell. All five when left out.")]
    [MinLength(1)]
    [Range(1, 5)]
        IReadOnlyList<Located<int>>? Severities = null,
    [Description(
        "Attacks: what to maximise: mse, mae, pearson, ccc, any, any-up, any-down, quadrant, concepts, emotion-only, or a direction such "
            + "as '+valence -arousal'; over time also changes, and any with '@ frames', '@ peak' or '@ 3 s' behind it. mse when left "
            + "out."
    )]
        Located<string>? Objective = null,
    [Description(
        "Where the perturbation lives. Attacks: features when left out, or waveform where a model reads waveforms; corruptions: waveform "
            + "where they can."
    )]
        Domain? Domain = null,
    [Description(
        "Attacks on features: gradient steps to find audio whose features are the perturbed ones; the harm of that audio is reported as "
            + "realisable harm. Not done when left out."
    )]
    [Range(1, 100_000)]
        Located<int>? Resynthesis = null,
    [Description("The stretch of time in which inputs may change; everywhere when left out.")] Located<WindowEntry>? Window = null
);

[BindPartially]
internal sealed record WindowEntry(
    [Description("Its beginning in the excerpt, such as 2 s; 0 s when left out.")] TimeSpan? From = null,
    [Description("Its end in the excerpt, such as 3 s; the excerpt's end when left out.")] TimeSpan? To = null
);

[BindPartially]
internal sealed record BudgetsEntry(
    [Description("Radii in the L-infinity norm, in the domain's units.")]
    [MinLength(1)]
    [Range(0, double.PositiveInfinity)]
        IReadOnlyList<Located<double>>? Linf = null,
    [Description("Radii in the L2 norm, in the domain's units.")]
    [MinLength(1)]
    [Range(0, double.PositiveInfinity)]
        IReadOnlyList<Located<double>>? L2 = null,
    [Description("Least signal-to-noise ratios in dB; larger is a smaller perturbation.")]
    [MinLength(1)]
        IReadOnlyList<Located<double>>? Snr = null,
    [Description(
        "How many dB perturbations of waveforms may lie above the clip's masking threshold where they do so most: what the attack finds is "
            + "scaled, a clip at a time."
    )]
    [MinLength(1)]
    [Range(-60, 60)]
        IReadOnlyList<Located<double>>? MaskingExcess = null
);

[BindPartially]
internal sealed record MatrixEntry([Description("Cells to leave out.")] IReadOnlyList<ExcludeEntry>? Exclude = null);

[BindPartially]
internal sealed record ExcludeEntry(
    SourceLocation At,
    [Description("The name of a model; any when left out.")] Located<string>? Model = null,
    [Description("The name of a perturbation; any when left out.")] Located<string>? Perturbation = null,
    [Description("A seed; any when left out.")] Located<int>? Seed = null
);

[BindPartially]
internal sealed record ExcerptEntry(
    [Description("Length of the excerpt; shorter recordings are repeated.")]
    [Range(0, 86_400, MinimumIsExclusive = true)]
        double? Seconds = null,
    [Description("Where in the recording it is cut.")] ExcerptPlacement? Placement = null,
    [Description("The clips whose mean and standard deviation standardise the features.")] StandardiseOn? StandardiseOn = null,
    [Description("Recordings shorter than this are an error.")] [Range(0, 86_400)] double? MinimumSeconds = null,
    [Description(
        "What that mean and standard deviation are taken from: excerpts, recordings (in full, about one mean), or nothing: features stay "
            + "as the front end gives them."
    )]
        StandardisationSource? StandardiseFrom = null
);

internal enum StandardiseOn
{
    Train,
    All,
}

[BindPartially]
internal sealed record EvaluationEntry(
    [Description(
        "Clips a batch when predicting and attacking. When left out, what is fastest for each large model on this device is found by a "
            + "short probe; 16 for others."
    )]
    [Range(1, 65_536)]
        int? Batch = null,
    [Description(
        "In which attacks compute, for models that offer it: fp32 when left out; bf16 is faster and finds a little less; on GPUs also "
            + "fp16, and tf32 for all models. Results are judged in fp32 in any case."
    )]
        Located<Precision>? Precision = null,
    [Description("A cell that takes longer fails; 60m when left out.")]
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
        TimeSpan? CellTimeout = null,
    [Description(
        "A model that is built, loaded, fitted or trained fails when it gives no sign of life for so long (each batch of a training is "
            + "one); so does a dataset that is loaded and prepared (each clip is one). 60m when left out."
    )]
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
        TimeSpan? ModelTimeout = null,
    [Description(
        "A cell fails when the worker process that computes it holds more memory than this, all that the process needs included: "
            + "libtorch, the dataset, the model. All cells run in worker processes then. No limit when left out."
    )]
        Located<DataSize>? Memory = null,
    [Description(
        "Perturbed inputs to keep of each cell, of the clips that it harms most, so that they can be listened to; 0 keeps none and "
            + "writes no audio. Takes part in no key: cells finished before keep what they have."
    )]
    [Range(0, 1000)]
        int Examples = BenchmarkDefinition.StandardExamples
)
{
    public const int StandardBatch = 16;
}

[BindPartially]
internal sealed record SnapshotEntry(
    [Description(
        "Largest allowed change: by metric, by pattern of MODEL/PERTURBATION/STRENGTH/seed N/METRIC/clean or perturbed, with * and ?, or "
            + "'default' for everything else. Of those that match, the last one holds."
    )]
        IReadOnlyDictionary<string, Located<Tolerance>>? Tolerance = null,
    [Description("The same, for one type of device only, as cpu or cuda; holds before 'tolerance'.")]
        IReadOnlyDictionary<string, Located<IReadOnlyDictionary<string, Located<Tolerance>>>>? On = null
);
