using System.Globalization;
using System.Text.Json;
using MerBench.Host.Results;

namespace MerBench.Reports.Trackers;

/// <summary>What a cell was asked to do.</summary>
internal static class CellParameters
{
    public static IReadOnlyDictionary<string, string> List(CellSummary cell)
    {
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["model"] = cell.Model,
            ["perturbation"] = cell.Perturbation,
            ["strength"] = cell.Strength,
            ["seed"] = cell.Seed.ToString(CultureInfo.InvariantCulture),
            ["use"] = cell.Use,
            ["domain"] = cell.Domain,
        };
        if (cell.Objective is { } objective)
            parameters["objective"] = objective;
        if (cell.Norm is { } norm)
            parameters["budget.norm"] = norm;
        if (cell.Size is { } size)
            parameters["budget.size"] = size.ToString("R", CultureInfo.InvariantCulture);
        if (cell.Severity is { } severity)
            parameters["severity"] = severity.ToString(CultureInfo.InvariantCulture);
        if (cell.CraftedOn.Count > 0)
            parameters["crafted-on"] = string.Join(", ", cell.CraftedOn);
        using var options = JsonDocument.Parse(cell.Options);
        foreach (JsonProperty option in options.RootElement.EnumerateObject())
            parameters[$"with.{option.Name}"] = option.Value.ToString();
        return parameters;
    }
}
