using MerBench.Host.Configuration.Benchmarks;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>A valid benchmark and its cells, before any work.</summary>
public sealed record RunPlan(BenchmarkDefinition Definition, IReadOnlyList<Cell> Cells)
{
    /// <summary>What is worth knowing of the files of its models.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];
}
