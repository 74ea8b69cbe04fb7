using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Text;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>A valid benchmark and its cells, before any work.</summary>
public sealed record RunPlan(BenchmarkDefinition Definition, IReadOnlyList<Cell> Cells)
{
    /// <summary>What is worth knowing of the files of its models.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Files and folders that the benchmark names, absolute.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>The benchmark file as it was read; empty where there was none.</summary>
    public string Text { get; init; } = "";

    /// <summary>Its size in words: <c>2 models, 3 perturbations, 1 seed, 24 cells</c>.</summary>
    public string Describe() =>
        $"{Quantity.Write(Definition.Models.Count, "model")}, {Quantity.Write(Definition.Perturbations.Count, "perturbation")}, "
        + $"{Quantity.Write(Definition.Seeds.Count, "seed")}, {Quantity.Write(Cells.Count, "cell")}";
}
