using System.Globalization;
using System.Text;
using CsvHelper;
using MerBench.Host.Text;

namespace MerBench.Analysis.Leaderboards;

/// <summary>A leaderboard as CSV: a row an entry, and one for each model without a score.</summary>
internal static class LeaderboardData
{
    private static readonly string[] Columns =
    [
        "threat_model",
        "group",
        "dataset",
        "dataset_fingerprint",
        "rank",
        "model",
        "plugin",
        "worst_case",
        "worst_case_low",
        "worst_case_high",
        "clean",
        "worst_case_clipped",
        "seeds",
        "clips",
        "believable",
        "doubts",
        "missing",
        "run",
        "benchmark",
        "started",
    ];

    public static string Csv(Leaderboard leaderboard)
    {
        using var stream = new MemoryStream();
        using (CsvWriter writer = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true))
        {
            void Write(string[] cells) => writer.WriteRecord([.. cells.Select(CsvText.Protect)]);
            writer.WriteHeader(Columns);
            foreach (LeaderboardGroup group in leaderboard.Groups)
            {
                foreach (LeaderboardEntry e in group.Entries)
                {
                    Write([
                        .. Scope(group.Scope),
                        Number(e.Rank),
                        e.Model,
                        e.Use,
                        Number(e.WorstCase),
                        Number(e.Interval.Low),
                        Number(e.Interval.High),
                        Number(e.Clean),
                        Number(e.Clipped),
                        string.Join(' ', e.Seeds),
                        Number(e.Clips),
                        e.Believable.ToString().ToLowerInvariant(),
                        string.Join("; ", e.Doubts),
                        string.Join("; ", e.Missing),
                        e.Run.Name,
                        e.Run.Benchmark,
                        e.Run.Started.ToString("O", CultureInfo.InvariantCulture),
                    ]);
                }

                foreach (UnrankedEntry e in group.Unranked)
                {
                    Write([
                        .. Scope(group.Scope),
                        "",
                        e.Model,
                        e.Use,
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        string.Join("; ", e.Reasons),
                        e.Run.Name,
                        e.Run.Benchmark,
                        e.Run.Started.ToString("O", CultureInfo.InvariantCulture),
                    ]);
                }
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string[] Scope(RankingScope scope) => [scope.ThreatModel.Name, scope.Key, scope.Dataset, scope.Fingerprint];

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
