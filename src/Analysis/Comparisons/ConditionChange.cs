using System.Text.Json.Serialization;

namespace MerBench.Analysis.Comparisons;

/// <summary>A model under a perturbation of one strength in two runs, over the seeds and clips of both.</summary>
public sealed record ConditionChange
{
    /// <summary>Its name in the first run.</summary>
    public required string ModelBefore { get; init; }

    public required string Model { get; init; }

    public required string Perturbation { get; init; }

    /// <summary>Budget or severity as tables show it.</summary>
    public required string Strength { get; init; }

    /// <summary>False where the perturbation changes what listeners feel, so that ratings no longer hold.</summary>
    public required bool LabelPreserving { get; init; }

    /// <summary>Those whose cells are finished in both.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    public required int ClipCount { get; init; }

    /// <summary>Mean absolute error of clean predictions.</summary>
    public required MeasureChange Clean { get; init; }

    /// <summary>Mean absolute error of perturbed predictions.</summary>
    public required MeasureChange Perturbed { get; init; }

    /// <summary>Their difference.</summary>
    public required MeasureChange Harm { get; init; }

    /// <summary>All metrics, means over these seeds.</summary>
    public required IReadOnlyList<MetricChange> Metrics { get; init; }

    /// <summary>Those whose perturbed error moved most.</summary>
    public required IReadOnlyList<ClipChange> Clips { get; init; }

    /// <summary>What differs between what both were made from.</summary>
    public required IReadOnlyList<Cause> Causes { get; init; }

    /// <summary>Whether a cell of the second run is doubtful.</summary>
    public required bool Doubtful { get; init; }

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
)
{
    /// <summary>Labels in which the metric is not defined for all seeds of both runs, clean and perturbed; null where there are
    /// none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? LeftOut { get; init; }
}
