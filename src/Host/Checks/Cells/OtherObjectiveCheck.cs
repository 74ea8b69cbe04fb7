using MerBench.Host.Plugins;
using MerBench.Host.Results;

namespace MerBench.Host.Checks.Cells;

/// <summary>An attack that maximises one thing says little about another. Metrics that name no objectives are not asked.</summary>
internal sealed class OtherObjectiveCheck : ICellCheck
{
    private const string Consequence = "their harm is a side effect, not the worst case";

    public string Id => "other-objective";

    public IEnumerable<Doubt> Examine(CellEvidence cell)
    {
        string objective = cell.Objective.Split('@')[0].TrimEnd();
        MetricDescription[] asked = [.. cell.Metrics.Where(m => m.Objectives.Count > 0)];
        if (asked.Length == 0 || asked.Any(m => m.Objectives.Contains(objective, StringComparer.Ordinal)))
            yield break;
        string reported = string.Join(", ", asked.Select(m => m.Id));
        yield return this.Doubt(
            $"it maximised '{cell.Objective}', which none of the reported metrics ({reported}) measures: {Consequence}"
        );
    }
}
