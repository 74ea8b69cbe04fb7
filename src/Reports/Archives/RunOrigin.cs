using System.Text.Json;
using MerBench.Host.IO;
using MerBench.Host.Results;

namespace MerBench.Reports.Archives;

/// <summary>The content of <c>provenance.json</c>: what a run ran on, and by what its data, models and plugins are known again.</summary>
internal static class RunOrigin
{
    public static string Write(RunResults results) =>
        JsonSerializer.Serialize(
            new
            {
                results.Benchmark,
                results.Environment,
                Dataset = new { results.Dataset.Id, results.Dataset.Fingerprint },
                Models = results.Models.Select(m => new
                {
                    m.Name,
                    m.Use,
                    m.Seed,
                    m.Training?.Key,
                    m.Training?.Source,
                    Weights = FindWeights(results, m.Training?.Key),
                }),
            },
            ResultJson.Options
        ) + "\n";

    // What was loaded is known by the hash of its file, what was trained by the key of all that it came from.
    private static JsonElement? FindWeights(RunResults results, string? key) =>
        key is not null
        && results.Specifications.TryGetValue(key, out JsonElement specification)
        && specification.ValueKind == JsonValueKind.Object
        && specification.TryGetProperty("weights", out JsonElement weights)
            ? weights
            : null;
}
