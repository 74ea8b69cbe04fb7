using MerBench.Analysis.Snapshots;
using Spectre.Console;

namespace MerBench.Reports.Console;

/// <summary>Comparisons with snapshots on a console: what moved with its explanation, one line otherwise.</summary>
public static class VerificationConsole
{
    public static void Write(IAnsiConsole console, BenchmarkVerification verification)
    {
        console.Write(
            new FlowText(0, 2).Add(verification.Benchmark, Style.Parse("bold")).Add($": {VerificationText.Counts(verification)}")
        );
        foreach (
            ConditionComparison condition in (verification.HasSnapshot ? verification.Conditions : [])
                .Where(c => c.Verdict != SnapshotVerdict.Same)
                .OrderByDescending(c => c.Verdict)
        )
        {
            console.Write(
                new FlowText(2, 4)
                    .Add(VerificationText.Describe(condition.Verdict), StyleOf(condition.Verdict))
                    .Add($" {condition.Name}", Style.Parse("bold"))
            );
            foreach (string line in condition.Explanation)
                console.Write(new FlowText(4, 6).Add(line));
        }

        if (VerificationText.Advice(verification) is { Length: > 0 } advice)
            console.Write(new FlowText(0, 0).Add(advice));
    }

    private static Style StyleOf(SnapshotVerdict verdict) =>
        Style.Parse(
            verdict switch
            {
                SnapshotVerdict.Improved => "green",
                SnapshotVerdict.CannotTell => "yellow",
                _ => "red",
            }
        );
}
