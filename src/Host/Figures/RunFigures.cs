using MerBench.Host.Results;

namespace MerBench.Host.Figures;

/// <summary>The figures of a run: for each perturbation, at the strength that does most harm, <c>harm-NAME</c> over seeds and <c>ratings-NAME</c> of the first seed.</summary>
internal static class RunFigures
{
    public static void Write(IReadOnlyList<ConditionLogs> conditions, string folder)
    {
        foreach (ConditionLogs worst in conditions.GroupBy(c => c.Perturbation, StringComparer.Ordinal).Select(p => p.MaxBy(c => c.Harm)!))
        {
            string name = string.Concat(worst.Perturbation.Select(c => Path.GetInvalidFileNameChars().Contains(c) ? '-' : c));
            LogFigures.Write(worst.Logs, worst.Logs[0].Emotions, seed: null, Title(worst), Path.Combine(folder, "harm-" + name), Path.Combine(folder, "ratings-" + name));
        }
    }

    private static string Title(ConditionLogs condition)
    {
        string title = $"{condition.Perturbation} {condition.Strength}".Trim();
        return condition.LabelPreserving ? title : $"{title} (changes what listeners feel)";
    }
}
