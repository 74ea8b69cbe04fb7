using System.Globalization;
using System.Text;
using MerBench.Analysis.Snapshots;
using MerBench.Reports.Tables;

namespace MerBench.Reports.Markdown;

/// <summary>Comparisons with snapshots in Markdown, as for <c>$GITHUB_STEP_SUMMARY</c>.</summary>
public static class VerificationMarkdown
{
    public static string Render(IReadOnlyList<BenchmarkVerification> verifications)
    {
        var text = new StringBuilder();
        foreach (BenchmarkVerification verification in verifications)
        {
            text.AppendMarkdown($"## {verification.Benchmark}: {VerificationText.Counts(verification)}\n\n");
            ConditionComparison[] moved =
            [
                .. verification.Conditions.Where(c => c.Verdict != SnapshotVerdict.Same).OrderByDescending(c => c.Verdict),
            ];
            if (moved.Length > 0)
            {
                new ReportTable(
                    "Verdicts",
                    ["Verdict", "Model", "Perturbation", "Strength", "Change of errors", "p", "Visible from"],
                    [
                        .. moved.Select(
                            IReadOnlyList<string> (c) =>
                                [
                                    VerificationText.Describe(c.Verdict),
                                    c.Model,
                                    c.Perturbation,
                                    c.Strength,
                                    Number(c.PerturbedChange?.Mean, "+0.0000;-0.0000;0.0000"),
                                    Number(c.PerturbedChange?.P, "0.0000"),
                                    Number(c.PerturbedChange?.SmallestVisible, "0.0000"),
                                ]
                        ),
                    ],
                    TextColumns: 4
                ).AppendMarkdown(text);
                foreach (ConditionComparison condition in moved)
                {
                    text.AppendMarkdown($"\n**{condition.Name}: {VerificationText.Describe(condition.Verdict)}**\n\n");
                    foreach (string line in condition.Explanation)
                        text.AppendMarkdown($"* {line}\n");
                }

                if (VerificationText.Advice(verification) is { Length: > 0 } advice)
                    text.AppendMarkdown($"\n{advice}\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
