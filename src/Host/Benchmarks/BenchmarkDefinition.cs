using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MerBench.Host.Plugins;
using MerBench.Host.Training;

namespace MerBench.Host.Benchmarks;

/// <summary>A place in a benchmark file; line and column count from 1.</summary>
public readonly record struct SourceLocation(string File, long Line, long Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}

/// <summary>A plugin with its options bound and validated.</summary>
/// <param name="Options">The options record, or null when the plugin has none.</param>
/// <param name="OptionsJson">The options in canonical JSON (kebab-case, sorted keys, all defaults filled in, contents of files as their SHA-256); part of keys.</param>
public sealed record PluginUse(PluginDescriptor Plugin, object? Options, string OptionsJson, SourceLocation At)
{
    public T Create<T>() => (T)Plugin.Create(Options);
}

/// <summary>A model of the matrix.</summary>
/// <param name="Train">The recipe, or null when only weights are loaded (or the model needs no training).</param>
/// <param name="Weights">Absolute path of a <c>.safetensors</c> or <c>.pt</c> file to load instead of training, or null. May contain <c>{seed}</c>.</param>
public sealed record ModelDefinition(string Name, PluginUse Use, TrainRecipe? Train, string? Weights, SourceLocation At);

/// <summary>An attack or corruption of the matrix.</summary>
/// <param name="Budgets">For attacks; empty means one cell without a budget.</param>
/// <param name="Severities">For corruptions, 1 to 5.</param>
public sealed record PerturbationDefinition(
    string Name, PluginUse Use, Domain Domain, string Objective, IReadOnlyList<Budget> Budgets, IReadOnlyList<int> Severities, SourceLocation At)
{
    public bool IsCorruption => Use.Plugin.Kind == PluginKind.Corruption;

    /// <summary>False for a corruption that changes what listeners feel, so that ratings no longer hold.</summary>
    public bool LabelPreserving => Use.Plugin.LabelPreserving;
}

/// <summary>Leaves cells out; a null matches everything.</summary>
public sealed record MatrixExclude(string? Model, string? Perturbation, int? Seed);

/// <summary>A validated benchmark file: everything a run needs to know.</summary>
/// <param name="Excerpt">Overrides of the dataset's preparation.</param>
/// <param name="EvaluationBatch">Clips a batch when predicting and attacking; changes memory and speed, not results.</param>
/// <param name="CellTimeout">A cell that takes longer fails.</param>
public sealed record BenchmarkDefinition(
    string Name,
    string File,
    PluginUse Dataset,
    PluginUse FrontEnd,
    IReadOnlyList<ModelDefinition> Models,
    IReadOnlyList<PerturbationDefinition> Perturbations,
    IReadOnlyList<int> Seeds,
    IReadOnlyList<PluginUse> Metrics,
    IReadOnlyList<MatrixExclude> Exclude,
    PreparationOverrides Excerpt,
    int EvaluationBatch,
    TimeSpan CellTimeout)
{
    /// <summary>Largest allowed changes against the snapshot, by metric or <c>default</c>.</summary>
    public IReadOnlyDictionary<string, Tolerance> Tolerances { get; init; } = new Dictionary<string, Tolerance>(StringComparer.Ordinal);
}

/// <summary>What a benchmark file says about excerpts; null leaves the choice to the dataset.</summary>
public sealed record PreparationOverrides(
    double? ExcerptSeconds = null, ExcerptPlacement? Placement = null, bool? StandardiseOnAllClips = null, double? MinimumSeconds = null)
{
    /// <summary>The dataset's preparation with the overrides put in.</summary>
    public Preparation Apply(Preparation dataset) => new(
        ExcerptSeconds ?? dataset.ExcerptSeconds,
        Placement ?? dataset.Placement,
        StandardiseOnAllClips ?? dataset.StandardiseOnAllClips,
        MinimumSeconds ?? dataset.MinimumSeconds);
}

/// <summary>How far a metric may move from its accepted value.</summary>
public sealed record Tolerance(
    [Description("As a share of the accepted value.")][Range(0, double.PositiveInfinity)] double? Relative = null,
    [Description("In the metric's units.")][Range(0, double.PositiveInfinity)] double? Absolute = null);
