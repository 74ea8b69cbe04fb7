using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MerBench.Host.IO;

namespace MerBench.Host.Results;

/// <summary>Reads <c>results.json</c>. It may have come without its manifest, or from another program: what is missing is said with its
/// place, before anything relies on it.</summary>
internal static class ResultsReader
{
    private static readonly JsonSerializerOptions Strict = new(ResultJson.Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <exception cref="JsonException">They are no results of a run, or of a newer version.</exception>
    public static RunResults Read(byte[] json)
    {
        RequireLayout(json);
        RunResults results = JsonSerializer.Deserialize<RunResults>(json, Strict) ?? throw new JsonException("it is empty");
        return (FindNull(results, Strict.GetTypeInfo(typeof(RunResults)), "$") ?? FindGap(results)) is { } fault
            ? throw new JsonException(fault)
            : results;
    }

    private static void RequireLayout(byte[] json)
    {
        int schema = JsonSerializer.Deserialize<Layout>(json, ResultJson.Options)?.Schema ?? 0;
        if (schema > RunResults.CurrentSchema)
            throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"it is of a newer version of MerBench (schema {schema})"));
    }

    // The reader itself looks into no collection for that.
    private static string? FindNull(object value, JsonTypeInfo type, string path) =>
        type.Kind switch
        {
            JsonTypeInfoKind.Object => type
                .Properties.Where(p => p.Get is not null)
                .Select(p => p.Get!(value) is { } member ? FindNull(member, Strict.GetTypeInfo(p.PropertyType), $"{path}.{p.Name}") : null)
                .FirstOrDefault(found => found is not null),
            JsonTypeInfoKind.Enumerable => FindNull(
                ((IEnumerable)value).Cast<object?>().Select((item, i) => (item, string.Create(CultureInfo.InvariantCulture, $"[{i}]"))),
                type,
                path
            ),
            JsonTypeInfoKind.Dictionary when value is IDictionary map => FindNull(
                map.Keys.Cast<string>().Select(key => (map[key], $".{key}")),
                type,
                path
            ),
            _ => null,
        };

    private static string? FindNull(IEnumerable<(object? Item, string Step)> items, JsonTypeInfo type, string path)
    {
        JsonTypeInfo element = Strict.GetTypeInfo(type.ElementType!);
        if (element.Kind == JsonTypeInfoKind.None && element.Type.IsValueType)
            return null;
        return items
            .Select(i => i.Item is null ? $"nothing stands at {path}{i.Step}" : FindNull(i.Item, element, path + i.Step))
            .FirstOrDefault(found => found is not null);
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
            if (metrics.Any(m => !results.Dataset.Emotions.All(m.PerLabel.ContainsKey)))
                return $"cell '{cell.Name}' lacks emotions of the dataset";
        }

        return null;
    }

    private sealed record Layout(int Schema);
}
