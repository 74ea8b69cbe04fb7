using MerBench.Host.Configuration.Matrix;
using MerBench.Host.Results;

namespace MerBench.Reports.Listening;

/// <summary>A clip of a cell with its perturbed input.</summary>
/// <param name="Key">The cell's key.</param>
/// <param name="Row">What the cell measured on it.</param>
/// <param name="Note">What to know about it; null where there is nothing.</param>
internal sealed record PerturbedClip(Cell Cell, string Key, ClipRow Row, KeptInput Input, string? Note = null);
