using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MerBench.Host.Configuration.Benchmarks;
using MerBench.Host.Results;

namespace MerBench.Analysis.Leaderboards;

/// <summary>What must be the same for scores to be comparable: the threat model with its very perturbations, the test clips, their ratings
/// and the scale, and what a budget of features is measured in.</summary>
public sealed record RankingScope
{
    public required ThreatModel ThreatModel { get; init; }

    /// <summary>False where the benchmark declares no threat model, and this one was derived from its cells.</summary>
    public required bool IsDeclared { get; init; }

    /// <summary>Every perturbation and strength that belongs to the threat model, with what determines it.</summary>
    public required IReadOnlyList<RankedStrength> Strengths { get; init; }

    public required string Domain { get; init; }

    /// <summary>Id of the front end; null where perturbations are of waveforms, and any front end may compete.</summary>
    public string? FrontEnd { get; init; }

    public required string Dataset { get; init; }

    public required string Fingerprint { get; init; }

    public required int TestClips { get; init; }

    public required IReadOnlyList<string> Emotions { get; init; }

    public required double Minimum { get; init; }

    public required double Maximum { get; init; }

    /// <summary>The same for scopes whose scores are comparable; eight hexadecimal digits.</summary>
    public string Key { get; private init; } = "";

    internal bool Includes(CellSummary cell) => ThreatModel.Includes(cell.Perturbation, cell.Norm, cell.Size, cell.Severity);

    internal static RankingScope Create(RunResults run, ThreatModel threat, bool isDeclared)
    {
        CellSummary[] cells = [.. run.Cells.Where(c => threat.Includes(c.Perturbation, c.Norm, c.Size, c.Severity))];
        RankedStrength[] strengths =
        [
            .. cells
                .Select(RankedStrength.Describe)
                .Distinct()
                .OrderBy(s => s.Perturbation, StringComparer.Ordinal)
                .ThenBy(s => s.Strength, StringComparer.Ordinal),
        ];
        string[] domains = [.. strengths.Select(s => s.Domain).Distinct(StringComparer.Ordinal)];
        (string? frontEnd, string input) = domains.Contains("features") ? Input(run, cells) : (null, "");
        DatasetSummary data = run.Dataset;
        // Names of perturbations are the benchmark's own; what they do counts.
        string identity = JsonSerializer.Serialize(
            new object?[]
            {
                isDeclared ? threat.Name : "",
                threat.Norm,
                threat.Size,
                threat.Severity,
                strengths.Select(s => s.Identity).Order(StringComparer.Ordinal),
                input,
                data.Fingerprint,
                data.Emotions,
                data.Minimum,
                data.Maximum,
            }
        );
        return new RankingScope
        {
            ThreatModel = threat,
            IsDeclared = isDeclared,
            Strengths = strengths,
            Domain = string.Join(" and ", domains),
            FrontEnd = frontEnd,
            Dataset = data.Id,
            Fingerprint = data.Fingerprint,
            TestClips = data.Test,
            Emotions = data.Emotions,
            Minimum = data.Minimum,
            Maximum = data.Maximum,
            Key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..8],
        };
    }

    // Features are standardised by the front end and the preparation, without which a radius means nothing.
    private static (string? FrontEnd, string Identity) Input(RunResults run, CellSummary[] cells)
    {
        (string Id, string Identity)[] ears =
        [
            .. cells.Where(c => c.Result is not null).Select(c => Describe(run.Specifications[c.Result!.ModelKey])).Distinct(),
        ];
        return ears.Length == 0
            ? (null, "")
            : (
                string.Join(" and ", ears.Select(e => e.Id).Distinct(StringComparer.Ordinal)),
                string.Join('\n', ears.Select(e => e.Identity))
            );
    }

    private static (string Id, string Identity) Describe(JsonElement model)
    {
        JsonElement frontEnd = model.GetProperty("front-end");
        string id = frontEnd.GetProperty("id").GetString()!;
        return (id, $"{id} {frontEnd.GetProperty("options").GetRawText()} {model.GetProperty("preparation").GetRawText()}");
    }
}

/// <summary>A perturbation of one strength in a threat model.</summary>
/// <param name="Perturbation">Its name in the benchmark.</param>
/// <param name="Use">Id of its plugin.</param>
/// <param name="Options">Canonical JSON.</param>
public sealed record RankedStrength(string Perturbation, string Strength, string Use, string Options, string? Objective, string Domain)
{
    internal string Identity => $"{Use} {Options} {Objective} {Domain} {Strength}";

    internal bool IsOf(CellSummary cell) => cell.Perturbation == Perturbation && cell.Strength == Strength;

    internal static RankedStrength Describe(CellSummary cell) =>
        new(cell.Perturbation, cell.Strength, cell.Use, cell.Options, cell.Objective, cell.Domain);
}
