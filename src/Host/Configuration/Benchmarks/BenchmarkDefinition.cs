using System.Globalization;
using MerBench.Host.Options;
using MerBench.Host.Plugins;
using MerBench.Host.Text;
using MerBench.Host.Torch;

namespace MerBench.Host.Configuration.Benchmarks;

/// <summary>A model of the matrix.</summary>
/// <param name="Train">The recipe, or null when only weights are loaded (or the model needs no training).</param>
/// <param name="Weights">A file to load instead of training, or null.</param>
public sealed record ModelDefinition(string Name, PluginUse Use, TrainRecipe? Train, WeightsPath? Weights, SourceLocation At)
{
    /// <summary>How it hears recordings; null for as the benchmark says.</summary>
    public Ears? OwnEars { get; init; }

    /// <summary>Names of the models that it is made of, in the order of its options; none for one that stands by itself.</summary>
    public IReadOnlyList<string> Parts { get; init; } = [];

    /// <summary>What it says of the file that it is made from; null where it is made from none, or cannot tell.</summary>
    public ModelFileReport? File { get; init; }
}

/// <summary>An attack or corruption of the matrix.</summary>
/// <param name="Budgets">For attacks; empty means one cell without a budget, unless <see cref="MaskingExcesses"/> has some.</param>
/// <param name="Severities">For corruptions, 1 to 5.</param>
public sealed record PerturbationDefinition(
    string Name,
    PluginUse Use,
    Domain Domain,
    string Objective,
    IReadOnlyList<Budget> Budgets,
    IReadOnlyList<int> Severities,
    SourceLocation At
)
{
    /// <summary>Whether the file leaves it to the models where an attack lives.</summary>
    public bool FollowsModels { get; init; }

    /// <summary>Names of the models on which the perturbation is crafted, besides the attacked one.</summary>
    public IReadOnlyList<string> Surrogates { get; init; } = [];

    /// <summary>For attacks on waveforms: how far in dB perturbations may lie above the masking threshold; each makes a cell.</summary>
    public IReadOnlyList<double> MaskingExcesses { get; init; } = [];

    /// <summary>Where in excerpts inputs may change; null for everywhere.</summary>
    public TimeWindow? Window { get; init; }

    /// <summary>The <see cref="EvaluationSet"/> whose clips it perturbs; null for the benchmark's own dataset.</summary>
    public string? On { get; init; }

    /// <summary>Its name in the file, whatever dataset it runs on.</summary>
    public string Entry { get; init; } = Name;

    /// <summary>The same entry of the file on the clips of another dataset.</summary>
    public PerturbationDefinition MoveTo(EvaluationSet set) => this with { Name = $"{Name} on {set.Name}", On = set.Name, Entry = Entry };

    /// <summary>Gradient steps of <c>Cells.Resynthesis</c>, or null.</summary>
    public int? ResynthesisSteps { get; init; }

    public bool IsCorruption => Use.Plugin.Kind == PluginKind.Corruption;

    /// <summary>False for a corruption that changes what listeners feel, so that ratings no longer hold.</summary>
    public bool LabelPreserving => Use.Plugin.LabelPreserving;
}

/// <summary>Leaves cells out; a null matches everything.</summary>
public sealed record MatrixExclude(string? Model, string? Perturbation, int? Seed)
{
    /// <summary>Whether it leaves out every cell of a model and a perturbation.</summary>
    public bool Covers(ModelDefinition model, PerturbationDefinition perturbation) =>
        Seed is null && (Model is null || Model == model.Name) && (Perturbation is null || Perturbation == perturbation.Entry);
}

/// <summary>A validated benchmark file: everything a run needs to know.</summary>
public sealed record BenchmarkDefinition
{
    /// <summary>How many inputs of a cell are kept where the file does not say.</summary>
    public const int StandardExamples = 1;

    /// <summary>Of cells and of models, where the file does not say.</summary>
    public static readonly TimeSpan StandardTimeout = TimeSpan.FromMinutes(60);

    public required string Name { get; init; }

    public required string File { get; init; }

    public required PluginUse Dataset { get; init; }

    /// <summary>Other datasets on which models are judged as well.</summary>
    public IReadOnlyList<EvaluationSet> EvaluateOn { get; init; } = [];

    /// <summary>That of models without ears of their own.</summary>
    public required PluginUse FrontEnd { get; init; }

    public required IReadOnlyList<ModelDefinition> Models { get; init; }

    public required IReadOnlyList<PerturbationDefinition> Perturbations { get; init; }

    public required IReadOnlyList<int> Seeds { get; init; }

    public required IReadOnlyList<PluginUse> Metrics { get; init; }

    public IReadOnlyList<MatrixExclude> Exclude { get; init; } = [];

    /// <summary>Overrides of the dataset's preparation, for models without ears of their own.</summary>
    public PreparationOverrides Excerpt { get; init; } = new();

    /// <summary>Clips a batch when predicting and attacking; changes memory and speed, not results.</summary>
    public required int EvaluationBatch { get; init; }

    /// <summary>A cell that takes longer fails.</summary>
    public required TimeSpan CellTimeout { get; init; }

    /// <summary>A model that is made ready fails when it gives no sign of life for longer; so does the dataset.</summary>
    public TimeSpan ModelTimeout { get; init; } = StandardTimeout;

    /// <summary>A cell fails whose worker process holds more; null for no limit.</summary>
    public DataSize? Memory { get; init; }

    /// <summary>Where cells run that need code of others; null where the file does not say.</summary>
    public Isolation? Isolation { get; init; }

    /// <summary>In which attacks compute, for models that offer it.</summary>
    public Precision Precision { get; init; }

    /// <summary>Whether a better batch than <see cref="EvaluationBatch"/> is looked for: the file names none.</summary>
    public bool ProbesBatch { get; init; }

    /// <summary>Where the file says so.</summary>
    public SourceLocation PrecisionAt { get; init; }

    /// <summary>Where cells are computed, unless the user asks for another device.</summary>
    public DeviceNames Devices { get; init; } = DeviceNames.Auto;

    /// <summary>How a cluster computes it; null where this machine does, unless the user asks for a cluster.</summary>
    public SlurmSettings? Slurm { get; init; }

    /// <summary>Perturbed inputs to keep of each cell, of the clips that it harms most.</summary>
    public int Examples { get; init; } = StandardExamples;

    /// <summary>When a perturbation has succeeded.</summary>
    public SuccessCriterion Success { get; init; } = new();

    /// <summary>All plugins with their options, those within others and those of adversarial training included.</summary>
    public IEnumerable<PluginUse> Uses =>
        (
            (IEnumerable<PluginUse>)
                [
                    Dataset,
                    .. EvaluateOn.Select(e => e.Dataset),
                    .. EarsInUse.Select(e => e.FrontEnd),
                    .. Models.Select(m => m.Use),
                    .. Models.Select(m => m.Train?.Adversarial?.Attack).OfType<PluginUse>(),
                    .. Perturbations.Select(p => p.Use),
                    .. Metrics,
                ]
        ).SelectMany(use => use.WithInner());

    /// <summary>Those that differ, in the order of models; the benchmark's first where a model has none of its own.</summary>
    public IReadOnlyList<Ears> EarsInUse =>
        [.. Models.OrderBy(m => m.OwnEars is not null).Select(EarsOf).DefaultIfEmpty(new Ears(FrontEnd, Excerpt)).Distinct()];

    /// <summary>A model, then those that it is made of, and those that they are made of.</summary>
    public IEnumerable<ModelDefinition> WithParts(ModelDefinition model) => PartsOf(model).SelectMany(WithParts).Prepend(model);

    /// <summary>The models that one is made of, in the order of its options.</summary>
    public IEnumerable<ModelDefinition> PartsOf(ModelDefinition model) => model.Parts.Select(name => Models.First(m => m.Name == name));

    /// <summary>The models that a cell asks: its own, then those on which it is crafted, each followed by its parts.</summary>
    public IEnumerable<ModelDefinition> Asked(ModelDefinition model, PerturbationDefinition perturbation) =>
        perturbation
            .Surrogates.Select(name => Models.First(m => m.Name == name))
            .Prepend(model)
            .SelectMany(WithParts)
            .DistinctBy(m => m.Name, StringComparer.Ordinal);

    /// <summary>Whether a model and a perturbation have a cell in common.</summary>
    public bool Meet(ModelDefinition model, PerturbationDefinition perturbation) => !Exclude.Any(e => e.Covers(model, perturbation));

    /// <summary>How a model hears recordings.</summary>
    public Ears EarsOf(ModelDefinition model) => model.OwnEars ?? new Ears(FrontEnd, Excerpt);

    /// <summary>Who made it; null where the file does not say.</summary>
    public About? About { get; init; }

    /// <summary>What leaderboards rank models by; null where the file declares nothing.</summary>
    public ThreatModel? ThreatModel { get; init; }

    /// <summary>Largest allowed changes against the snapshot.</summary>
    public SnapshotTolerances Tolerances { get; init; } = new([]);
}

/// <summary>Who made a benchmark's results, and where to read more.</summary>
/// <param name="Link">An absolute address, http or https.</param>
public sealed record About(string? By, string? Link);

/// <summary>How far a prediction must move to count as another one; a tenth of the rating scale where both are null.</summary>
/// <param name="Tolerance">In rating units.</param>
/// <param name="AnnotatorSd">In multiples of <see cref="Clip.EmotionSd"/>.</param>
public sealed record SuccessCriterion(double? Tolerance = null, double? AnnotatorSd = null)
{
    private const double StandardShare = 0.1;

    // Raters who all agree would make every change a success.
    private const double LeastShare = 0.01;

    /// <summary>The tolerances of a clip, an emotion each.</summary>
    public float[] Of(Clip clip, LabelSpace emotions)
    {
        double scale = emotions.Maximum - emotions.Minimum;
        return AnnotatorSd is { } multiple
            ? Array.ConvertAll(clip.EmotionSd!, sd => (float)Math.Max(multiple * sd, LeastShare * scale))
            : [.. Enumerable.Repeat((float)(Tolerance ?? StandardShare * scale), emotions.Count)];
    }

    /// <summary>As reports say it.</summary>
    public string Describe(LabelSpace emotions) =>
        AnnotatorSd is { } multiple
            ? string.Create(CultureInfo.InvariantCulture, $"{multiple} times the annotators' standard deviation")
            : string.Create(CultureInfo.InvariantCulture, $"{Tolerance ?? StandardShare * (emotions.Maximum - emotions.Minimum):g3}");
}

/// <summary>What a benchmark file says about excerpts; null leaves the choice to the dataset.</summary>
public sealed record PreparationOverrides(
    double? ExcerptSeconds = null,
    ExcerptPlacement? Placement = null,
    bool? StandardiseOnAllClips = null,
    double? MinimumSeconds = null,
    StandardisationSource? StandardiseFrom = null
)
{
    /// <summary>These, and those of another where these say nothing.</summary>
    public PreparationOverrides Over(PreparationOverrides other) =>
        new(
            ExcerptSeconds ?? other.ExcerptSeconds,
            Placement ?? other.Placement,
            StandardiseOnAllClips ?? other.StandardiseOnAllClips,
            MinimumSeconds ?? other.MinimumSeconds,
            StandardiseFrom ?? other.StandardiseFrom
        );

    /// <summary>The dataset's preparation with the overrides put in.</summary>
    public Preparation Apply(Preparation dataset) =>
        new(
            ExcerptSeconds ?? dataset.ExcerptSeconds,
            Placement ?? dataset.Placement,
            StandardiseOnAllClips ?? dataset.StandardiseOnAllClips,
            MinimumSeconds ?? dataset.MinimumSeconds
        )
        {
            StandardiseFrom = StandardiseFrom ?? dataset.StandardiseFrom,
        };
}
