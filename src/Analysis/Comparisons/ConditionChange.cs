using System.Text.Json.Serialization;

namespace MerBench.Analysis.Comparisons;

/// <summary>A model under a perturbation of one strength in two runs, over the seeds and clips of both.</summary>
/// <param name="ModelBefore">Its name in the first run.</param>
/// <param name="Strength">Budget or severity as tables show it.</param>
/// <param name="LabelPreserving">False where the perturbation changes what listeners feel, so that ratings no longer hold.</param>
/// <param name="Seeds">Those whose cells are finished in both.</param>
/// <param name="Clean">Mean absolute error of clean predictions.</param>
/// <param name="Perturbed">Mean absolute error of perturbed predictions.</param>
/// <param name="Harm">Their difference.</param>
/// <param name="Metrics">All metrics, means over these seeds.</param>
/// <param name="Clips">Those whose perturbed error moved most.</param>
/// <param name="Causes">What differs between what both were made from.</param>
/// <param name="Doubtful">Whether a cell of the second run is doubtful.</param>
public sealed record ConditionChange(
    string ModelBefore,
    string Model,
    string Perturbation,
    string Strength,
    bool LabelPreserving,
    IReadOnlyList<int> Seeds,
    int ClipCount,
    MeasureChange Clean,
    MeasureChange Perturbed,
    MeasureChange Harm,
    IReadOnlyList<MetricChange> Metrics,
    IReadOnlyList<ClipChange> Clips,
    IReadOnlyList<Cause> Causes,
    bool Doubtful
)
{
    public string Name => $"{ModelName} / {Perturbation} / {Strength}";

    /// <summary>The model, or both where two are compared.</summary>
    [JsonIgnore]
    public string ModelName => ModelBefore == Model ? Model : $"{ModelBefore} -> {Model}";

    [JsonIgnore]
    public bool IsMoved => Clean.IsMoved || Perturbed.IsMoved || Harm.IsMoved;
}

/// <summary>A metric in two runs, means over emotions and seeds; null where it is not defined.</summary>
public sealed record MetricChange(
    string Metric,
    bool HigherIsBetter,
    double? CleanBefore,
    double? CleanAfter,
    double? PerturbedBefore,
    double? PerturbedAfter
);
