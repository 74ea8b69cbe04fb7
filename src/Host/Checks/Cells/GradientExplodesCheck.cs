using MathNet.Numerics.Statistics;
using MerBench.Host.Results;

namespace MerBench.Host.Checks.Cells;

/// <summary>A gradient that is infinite, or very long now and then, steps by its own rules.</summary>
internal sealed class GradientExplodesCheck : ICellCheck
{
    // Of the median.
    private const double Explosion = 1e6;

    public string Id => "gradient-explodes";

    public IEnumerable<Doubt> Examine(CellEvidence cell)
    {
        double[] lengths = [.. cell.Traces.SelectMany(t => t.GradientLengths).Where(g => g > 0).Select(g => (double)g)];
        if (lengths.Length > 0 && (Array.Exists(lengths, double.IsInfinity) || lengths.Max() > Explosion * lengths.Median()))
            yield return this.Doubt($"gradients reach a length of {lengths.Max():g2}, where their median is {lengths.Median():g2}");
    }
}
