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
}

/// <summary>Leaves cells out; a null matches everything.</summary>
public sealed record MatrixExclude(string? Model, string? Perturbation, int? Seed);

/// <summary>A validated benchmark file: everything a run needs to know.</summary>
/// <param name="Excerpt">Overrides the dataset's preparation, or null.</param>
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
    Preparation? Excerpt,
    int EvaluationBatch,
    TimeSpan CellTimeout);
