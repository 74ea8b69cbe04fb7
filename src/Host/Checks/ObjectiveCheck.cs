using MerBench.Host.Results;

namespace MerBench.Host.Checks;

/// <summary>An attack that maximises one thing says little about another.</summary>
internal static class ObjectiveCheck
{
    private static readonly Dictionary<string, string[]> Measures = new(StringComparer.Ordinal)
    {
        ["mse"] = ["mse", "rmse", "r2", "mae"],
        ["mae"] = ["mae", "mse", "rmse", "r2"],
        ["pearson"] = ["pearson", "ccc"],
        ["ccc"] = ["ccc", "pearson"],
    };

    /// <param name="objective">What the attack maximised.</param>
    /// <param name="metrics">Ids of the reported metrics.</param>
    public static Doubt? Of(string objective, IReadOnlyList<string> metrics) =>
        Measures.TryGetValue(objective, out string[]? measures) && measures.Intersect(metrics, StringComparer.Ordinal).Any()
            ? null
            : new Doubt(
                "other-objective",
                $"it maximised '{objective}', which none of the reported metrics ({string.Join(", ", metrics)}) measures: their harm is a side effect, not the worst case"
            );
}
