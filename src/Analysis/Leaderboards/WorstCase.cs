using MerBench.Analysis.Queries;
using MerBench.Host.Results;
using MerBench.Host.Results.Tables;
using MerBench.Host.Statistics;

namespace MerBench.Analysis.Leaderboards;

/// <summary>
/// A candidate's errors under the worst perturbation of each clip and seed, as AutoAttack and RobustBench count: the adversary may choose
/// for each clip anew, and may leave it as it is.
/// </summary>
/// <param name="Clipped">Mean over clips and seeds of the worst error of predictions clipped to the rating scale.</param>
/// <param name="Shares">How often which perturbation is the worst, share of clips and seeds; what is never the worst is left out.</param>
/// <param name="Strengths">Mean error under each perturbation and strength alone.</param>
internal sealed record WorstCase(
    ErrorTable Worst,
    ErrorTable Clean,
    double Clipped,
    IReadOnlyDictionary<string, double> Shares,
    IReadOnlyList<StrengthScore> Strengths
)
{
    /// <summary>Name of the choice to leave a clip alone.</summary>
    public const string Untouched = "none";

    /// <summary>Of all candidates, by their places; those with fewer than two clips, or with errors that are not finite, are left
    /// out.</summary>
    public static IReadOnlyDictionary<int, WorstCase> Compute(RunDatabase database, IReadOnlyList<Candidate> candidates)
    {
        if (!database.HasClips)
            return new Dictionary<int, WorstCase>();
        DuckDb sql = database.Sql;
        sql.Execute("CREATE OR REPLACE TABLE ranked (candidate INTEGER, run VARCHAR, cell VARCHAR)");
        sql.Append(
            "ranked",
            candidates.SelectMany((c, i) => c.Cells.Select(cell => (Place: i, c.Run.Name, Cell: cell))),
            (row, c) => row.AppendValue(c.Place).AppendValue(c.Name).AppendValue(c.Cell)
        );
        ILookup<int, ClipWorst> clips = sql.Read(
                $"""
                SELECT candidate, seed, clip, any_value(clean), greatest(any_value(clean), max(perturbed)),
                    greatest(any_value(clean_clipped), max(perturbed_clipped)),
                    CASE WHEN any_value(clean) >= max(perturbed) THEN {DuckDb.Text(Untouched)} ELSE arg_max(perturbation, perturbed) END
                FROM ranked JOIN errors USING (run, cell) GROUP BY candidate, seed, clip ORDER BY candidate, seed, clip
                """,
                r =>
                    (
                        Candidate: r.GetInt32(0),
                        Clip: new ClipWorst(
                            r.GetInt32(1),
                            r.GetString(2),
                            r.GetDouble(3),
                            r.GetDouble(4),
                            r.IsDBNull(5) ? double.NaN : r.GetDouble(5),
                            r.GetString(6)
                        )
                    )
            )
            .ToLookup(r => r.Candidate, r => r.Clip);
        ILookup<int, StrengthScore> strengths = sql.Read(
                $"SELECT candidate, perturbation, strength, avg(perturbed), avg({ClipError.HarmSql("clean", "perturbed")}) FROM ranked "
                    + $"JOIN errors USING (run, cell) GROUP BY candidate, perturbation, strength ORDER BY candidate, 4 DESC",
                r => (Candidate: r.GetInt32(0), Score: new StrengthScore(r.GetString(1), r.GetString(2), r.GetDouble(3), r.GetDouble(4)))
            )
            .ToLookup(r => r.Candidate, r => r.Score);
        return clips
            .Select(g => (g.Key, Worst: Compute([.. g], [.. strengths[g.Key]])))
            .Where(w => w.Worst is not null)
            .ToDictionary(w => w.Key, w => w.Worst!);
    }

    private static WorstCase? Compute(ClipWorst[] clips, StrengthScore[] strengths) =>
        ErrorTable.Create(clips.Select(c => (c.Seed, c.Clip, c.Worst))) is { } worst
        && ErrorTable.Create(clips.Select(c => (c.Seed, c.Clip, c.Clean))) is { } clean
            ? new WorstCase(
                worst,
                clean,
                clips.Average(c => c.Clipped),
                clips
                    .GroupBy(c => c.Perturbation, StringComparer.Ordinal)
                    .OrderByDescending(g => g.Count())
                    .ToDictionary(g => g.Key, g => g.Count() / (double)clips.Length, StringComparer.Ordinal),
                strengths
            )
            : null;

    private sealed record ClipWorst(int Seed, string Clip, double Clean, double Worst, double Clipped, string Perturbation);
}

/// <summary>Mean error and harm under one perturbation of one strength.</summary>
public sealed record StrengthScore(string Perturbation, string Strength, double Error, double Harm);
