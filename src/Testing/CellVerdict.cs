using System.Text.Json;
using System.Text.Json.Serialization;

namespace MerBench.Testing;

/// <summary>What the tool says of a benchmark; see <c>merbench verify --json</c>.</summary>
internal sealed record BenchmarkVerdict(
    string File,
    string Verified,
    string? Received,
    bool HasSnapshot,
    IReadOnlyList<ConditionVerdict> Conditions
)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    public static BenchmarkVerdict Read(string json) => JsonSerializer.Deserialize<BenchmarkVerdict[]>(json, Format)!.Single();
}

internal sealed record ConditionVerdict(
    string Model,
    string Perturbation,
    string Strength,
    IReadOnlyList<string> Explanation,
    IReadOnlyList<CellVerdict> Cells
);

internal sealed record CellVerdict(string Name, Verdict Verdict);

/// <summary>What a comparison with the snapshot says of a cell.</summary>
public enum Verdict
{
    /// <summary>All metrics lie within their tolerances.</summary>
    Same,

    /// <summary>Metrics left their tolerances for the better.</summary>
    Improved,

    /// <summary>Metrics left their tolerances, and the clips do not show in which direction.</summary>
    CannotTell,

    /// <summary>Not in the snapshot.</summary>
    New,

    /// <summary>In the snapshot alone.</summary>
    Missing,

    /// <summary>Metrics left their tolerances for the worse.</summary>
    Regressed,

    /// <summary>The cell failed.</summary>
    Failed,
}
