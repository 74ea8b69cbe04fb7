using MerBench.Host.Snapshots;
using Spectre.Console;

namespace MerBench.Host.Reports;

/// <summary>Comparisons with snapshots on a console: what moved with its explanation, one line otherwise.</summary>
public static class VerificationConsole
{
    public static void Write(IAnsiConsole console, BenchmarkVerification verification)
    {
        // Lines in a log are not cut into pieces.
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = short.MaxValue;
        console.Write(new Text(verification.Benchmark, Style.Parse("bold")));
        console.Write(new Text($": {VerificationText.Counts(verification)}\n"));
        foreach (ConditionComparison condition in (verification.HasSnapshot ? verification.Conditions : []).Where(c => c.Verdict != SnapshotVerdict.Same).OrderByDescending(c => c.Verdict))
        {
            console.Write(new Text($"  {VerificationText.Of(condition.Verdict)}", StyleOf(condition.Verdict)));
            console.Write(new Text($" {condition.Name}\n", Style.Parse("bold")));
            foreach (string line in condition.Explanation) console.WriteLine($"    {line}");
        }

        if (VerificationText.Advice(verification) is { Length: > 0 } advice) console.WriteLine(advice);
    }

    private static Style StyleOf(SnapshotVerdict verdict) => Style.Parse(verdict switch
    {
        SnapshotVerdict.Improved => "green",
        SnapshotVerdict.CannotTell => "yellow",
        _ => "red",
    });
}
