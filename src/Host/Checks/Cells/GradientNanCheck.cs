using MerBench.Host.Results;

namespace MerBench.Host.Checks.Cells;

/// <summary>A gradient that is not a number leads nowhere.</summary>
internal sealed class GradientNanCheck : ICellCheck
{
    public string Id => "gradient-nan";

    public IEnumerable<Doubt> Examine(CellEvidence cell)
    {
        float[] lengths = [.. cell.Traces.SelectMany(t => t.GradientLengths)];
        if (Array.Exists(lengths, float.IsNaN))
            yield return this.Doubt(
                $"{lengths.Count(float.IsNaN) / (double)lengths.Length:0.# %} of the gradients hold values that are not numbers"
            );
    }
}
