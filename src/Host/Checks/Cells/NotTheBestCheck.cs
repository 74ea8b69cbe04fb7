using MerBench.Host.Results;

namespace MerBench.Host.Checks.Cells;

/// <summary>An attack must return the best point that it saw.</summary>
internal sealed class NotTheBestCheck : ICellCheck
{
    private const double LargestLoss = 0.03;

    public string Id => "not-the-best";

    public IEnumerable<Doubt> Examine(CellEvidence cell)
    {
        double gain = cell.BestGain;
        if (gain <= 0 || cell.IsScaled)
            yield break;
        double lost = cell.BestSeen.Select((best, clip) => best - cell.Perturbed[clip]).Average() / gain;
        if (lost > LargestLoss)
            yield return this.Doubt($"it returned points whose gain is {lost:0 %} below that of the best ones it saw");
    }
}
