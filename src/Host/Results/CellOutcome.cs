using MerBench.Host.Configuration.Matrix;

namespace MerBench.Host.Results;

/// <summary>A cell after its turn.</summary>
/// <param name="Result">The measurements; null when the cell failed.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="FromStore">True when the result was there already.</param>
public sealed record CellOutcome(Cell Cell, CellResult? Result, string? Failure, bool FromStore);
