using System.Globalization;
using System.Text.Json;
using MerBench.Host.IO;

namespace MerBench.Host.Results;

/// <summary>Reads <c>results.json</c>. It may have come without its manifest, or from another program: what is missing is said with its
/// place, before anything relies on it.</summary>
internal static class ResultsReader
{
    private static readonly JsonSerializerOptions Options = StrictJson.CreateOptions(ResultsJson.Default);

    /// <exception cref="JsonException">They are no results of a run, or of a newer version.</exception>
    public static RunResults Read(byte[] json)
    {
        RequireLayout(json);
        RunResults results = StrictJson.Read<RunResults>(json, Options);
        return FindGap(results) is { } gap ? throw new JsonException(gap) : results;
    }

    private static void RequireLayout(byte[] json)
    {
        int schema = JsonSerializer.Deserialize<Layout>(json, Options)?.Schema ?? 0;
        if (schema > RunResults.CurrentSchema)
            throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"it is of a newer version of MerBench (schema {schema})"));
    }

    // What every run writes, and tables and pages count on.
    private static string? FindGap(RunResults results)
    {
        if (results.Cells.Count == 0)
            return "it holds no cells";
        foreach (CellSummary cell in results.Cells)
        {
            if (cell.Result is null == cell.Failure is null)
                return $"cell '{cell.Name}' has neither a result nor a reason why it failed, or both";
            IEnumerable<MetricResult> metrics = cell.Result is { } result ? result.Metrics.Values.Concat(result.ClippedMetrics.Values) : [];
            IReadOnlyList<string> emotions = cell.On is null
                ? results.Dataset.Emotions
                : results.EvaluatedOn.FirstOrDefault(e => e.Name == cell.On)?.Emotions ?? [];
            if (emotions.Count == 0 || metrics.Any(m => !emotions.All(m.PerLabel.ContainsKey)))
                return $"cell '{cell.Name}' lacks emotions of the dataset";
        }

        return null;
    }

    internal sealed record Layout(int Schema);
}
