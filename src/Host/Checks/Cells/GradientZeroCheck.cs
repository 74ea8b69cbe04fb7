using MerBench.Host.Results;

namespace MerBench.Host.Checks.Cells;

/// <summary>A gradient of zero leads nowhere.</summary>
internal sealed class GradientZeroCheck : ICellCheck
{
    private const double ShareOfClips = 0.05;

    private const string Advice = "so that there was nothing to follow; compare with an attack that only asks for predictions";

    public string Id => "gradient-zero";

    public IEnumerable<Doubt> Examine(CellEvidence cell)
    {
        int stuck = cell.Traces.Count(HasMostlyZeros);
        if (stuck > ShareOfClips * cell.Traces.Count)
            yield return this.Doubt($"for {stuck} of {cell.Traces.Count} clips at least half of the gradients are zero, {Advice}");
    }

    private static bool HasMostlyZeros(ClipTrace trace) =>
        trace.GradientLengths.Count > 0 && trace.GradientLengths.Count(g => g == 0) * 2 >= trace.GradientLengths.Count;
}
