using MerBench.Host.Results;

namespace MerBench.Host.Checks.Cells;

/// <summary>A search that was still rising at its end would have found more.</summary>
internal sealed class NotConvergedCheck : ICellCheck
{
    private const int LeastCalls = 10;
    private const double LastTenth = 0.9;
    private const double LargestLateGain = 0.05;

    public string Id => "not-converged";

    public IEnumerable<Doubt> Examine(CellEvidence cell)
    {
        double gain = cell.BestGain;
        if (gain <= 0 || cell.Traces.Any(t => t.GradientLengths.Count < LeastCalls))
            yield break;
        IReadOnlyList<double> best = cell.BestSeen;
        double late = cell.Traces.Select((trace, clip) => best[clip] - trace.FindBest(cell.Clean[clip], LastTenth)).Average() / gain;
        if (late > LargestLateGain)
            yield return this.Doubt($"the last tenth of its calls brought {late:0 %} of its gain; give it more steps");
    }
}
