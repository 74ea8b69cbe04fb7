using System.Globalization;
using System.Text;
using MerBench.Analysis.Audit;
using MerBench.Reports.Console;
using MerBench.Reports.Tables;
using Spectre.Console;

namespace MerBench.Reports.Markdown;

/// <summary>An audit of attack logs, as console text and as <c>audit.md</c>.</summary>
public static class AuditReport
{
    private static List<ReportTable> Tables(LogAudit audit, bool full)
    {
        var tables = new List<ReportTable>
        {
            new(
                "Before the attack, mean and population sd over seeds",
                ["System", "Seeds", "r", "sd", "MAE", "sd"],
                [
                    .. audit.Systems.Select(
                        IReadOnlyList<string> (s) =>
                            [s.System, Whole(s.Seeds.Count), Three(s.R.Mean), Three(s.R.Sd), Four(s.Mae.Mean), Four(s.Mae.Sd)]
                    ),
                ],
                1
            ),
            new(
                "After the attack, mean over seeds",
                ["System", "MAE", "MAE clipped", "r", "out of range"],
                [
                    .. audit.Systems.Select(
                        IReadOnlyList<string> (s) =>
                            [
                                s.System,
                                Three(s.PerturbedMae.Mean),
                                Three(s.ClippedMae.Mean),
                                Three(s.PerturbedR.Mean),
                                Share(s.OutOfRange.Mean),
                            ]
                    ),
                ],
                1
            ),
            new(
                "Harm in MAE, box plot over seeds",
                ["System", "median", "Q1", "Q3", "low", "high", "mean", "clipped median"],
                [
                    .. audit.Systems.Select(
                        IReadOnlyList<string> (s) =>
                            [
                                s.System,
                                Three(s.Harm.Median),
                                Three(s.Harm.Q1),
                                Three(s.Harm.Q3),
                                Three(s.Harm.Low),
                                Three(s.Harm.High),
                                Three(s.Harm.Mean),
                                Three(s.ClippedHarm.Median),
                            ]
                    ),
                ],
                1
            ),
        };
        if (audit.Systems.Any(s => s.UncorrelatedEmotions.Count > 0))
            tables.Add(
                new ReportTable(
                    "Emotions that r leaves out, before and after, as ratings or predictions of a seed do not vary",
                    ["System", "emotions"],
                    [
                        .. audit
                            .Systems.Where(s => s.UncorrelatedEmotions.Count > 0)
                            .Select(IReadOnlyList<string> (s) => [s.System, string.Join(", ", s.UncorrelatedEmotions)]),
                    ],
                    2
                )
            );
        if (audit.Tests.Count > 0)
        {
            tables.Add(
                new ReportTable(
                    "Paired t-tests of MAE after the attack, as studies publish them",
                    ["Systems", "unit", "difference", "t", "df", "p"],
                    [
                        .. audit.Tests.Select(
                            IReadOnlyList<string> (t) =>
                                [
                                    $"{t.First} - {t.Second}",
                                    t.Unit,
                                    Three(t.Difference),
                                    Three(t.T),
                                    Whole(t.DegreesOfFreedom),
                                    t.P.ToString("0.##e+0", CultureInfo.InvariantCulture),
                                ]
                        ),
                    ],
                    2
                )
            );
        }

        if (audit.Statistics.Means.Count > 0)
            tables.Insert(2, StatisticsTables.Means(audit.Statistics.Means));
        tables.AddRange(
            full
                ? StatisticsTables.FullComparisons(audit.Statistics.Comparisons)
                : StatisticsTables.Comparisons(audit.Statistics.Comparisons)
        );
        return tables;
    }

    public static string Markdown(LogAudit audit)
    {
        var text = new StringBuilder();
        text.AppendMarkdown($"# Audit of {audit.Rows} attacked clips\n");
        foreach (ReportTable table in Tables(audit, full: true))
        {
            text.AppendMarkdown($"\n## {table.Title}\n\n");
            table.AppendMarkdown(text);
        }

        text.Append("\n## Findings\n");
        if (audit.Findings.Count == 0)
            text.Append("\nNone of the known problems was found.\n");
        foreach (AuditFinding finding in audit.Findings)
        {
            text.AppendMarkdown($"\n### {finding.Title}\n\n{finding.Evidence}\n\n{finding.Why}\n");
            foreach (string row in finding.Rows)
                text.AppendMarkdown($"* {row}\n");
        }

        return text.ToString();
    }

    public static void Write(IAnsiConsole console, LogAudit audit)
    {
        foreach (ReportTable table in Tables(audit, full: false))
        {
            ConsoleTable.Write(console, table, table.TextColumns + 1);
            console.WriteLine();
        }

        console.Write(
            new FlowText(0, 0).Add(audit.Findings.Count == 0 ? "None of the known problems was found." : "Findings", Style.Parse("bold"))
        );
        foreach (AuditFinding finding in audit.Findings)
        {
            console.Write(new FlowText(0, 2).Add($"* {finding.Title}", Style.Parse("yellow")));
            console.Write(
                new FlowText(2, 2).Add(
                    $"{finding.Evidence} {finding.Why}{(finding.Rows.Count > 0 ? $"\nFor example {string.Join("; ", finding.Rows)}." : "")}"
                )
            );
        }
    }

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Four(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Share(double value) => value.ToString("0 %", CultureInfo.InvariantCulture);
}
