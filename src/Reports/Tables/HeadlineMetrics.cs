using MerBench.Host.Results;

namespace MerBench.Reports.Tables;

/// <summary>The metrics to show where there is no room for all.</summary>
internal static class HeadlineMetrics
{
    /// <summary>Two for a narrow table: those that say they are headlines, errors before agreements; where there are no two, the first
    /// two.</summary>
    public static IReadOnlyList<string> ChooseTwo(RunResults results)
    {
        string[] headlines = [.. Find(results).OrderBy(id => IsAgreement(results, id))];
        return [.. (headlines.Length < 2 ? RobustnessTable.MetricIds(results) : headlines).Take(2)];
    }

    /// <summary>An error that says it is a headline; null where no such was reported.</summary>
    public static string? FindError(RunResults results) => Find(results).FirstOrDefault(id => !IsAgreement(results, id));

    private static IEnumerable<string> Find(RunResults results) =>
        RobustnessTable.MetricIds(results).Where(id => results.Metrics[id].IsHeadline);

    private static bool IsAgreement(RunResults results, string id) => results.HigherIsBetter.Contains(id, StringComparer.Ordinal);
}
