using MerBench.Host.Configuration.Benchmarks;

namespace MerBench.Host.Configuration.Matrix;

/// <summary>A valid benchmark and its cells, before any work.</summary>
public sealed record RunPlan(BenchmarkDefinition Definition, IReadOnlyList<Cell> Cells);
