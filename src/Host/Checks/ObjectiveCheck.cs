using MerBench.Host.Plugins;
using MerBench.Host.Results;


namespace MerBench.Host.Checks;

/// <summary>An attack that maximises one thing says little about another.</summary>
internal static class ObjectiveCheck
{
    /// <param name="objective">What the attack maximised.</param>
    /// <param name="metrics">The reported ones. Those that name no objectives are not asked.</param>
    public static Doubt? Judge(string objective, IEnumerable<MetricDescription> metrics)
    {
        MetricDescription[] asked = [.. metrics.Where(m => m.Objectives.Count > 0)];
        return asked.Length == 0 || asked.Any(m => m.Objectives.Contains(objective, StringComparer.Ordinal))
            ? null
            : new Doubt(
                "other-objective",
                $"it maximised '{objective}', which none of the reported metrics ({string.Join(", ", asked.Select(m => m.Id))}) measures: "
                    + "their harm is a side effect, not the worst case"
            );
    }
}
