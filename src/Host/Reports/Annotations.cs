using MerBench.Host.Snapshots;

namespace MerBench.Host.Reports;

/// <summary>Who reads annotations: lines that point at a place of a file.</summary>
public enum AnnotationFormat
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>GitHub Actions: <c>::error file=F,line=L,col=C::text</c>.</summary>
    GitHub,

    /// <summary>MSBuild and IDEs: <c>F(L,C): error CODE: text</c>.</summary>
    MSBuild,
}

/// <summary>What moved, as annotations at the perturbations and models of the benchmark file; one for all strengths.</summary>
public static class Annotations
{
    public static IEnumerable<string> Of(BenchmarkVerification verification, AnnotationFormat format, bool strict) =>
        format == AnnotationFormat.None ? [] :
        from condition in verification.Conditions
        where condition.Verdict != SnapshotVerdict.Same
        group condition by (condition.Model, condition.Perturbation, condition.Verdict) into same
        orderby same.Key.Verdict descending
        select Line(format, [.. same], strict);

    private static string Line(AnnotationFormat format, IReadOnlyList<ConditionComparison> conditions, bool strict)
    {
        ConditionComparison worst = conditions.MaxBy(c => Math.Abs(c.PerturbedChange?.Mean ?? 0))!;
        (string level, string code) = BenchmarkVerification.Breaks(worst.Verdict, strict) || worst.Verdict == SnapshotVerdict.Failed ? ("error", "MERBENCH002") : worst.Verdict == SnapshotVerdict.CannotTell ? ("warning", "MERBENCH003") : ("notice", "MERBENCH004");
        string text = $"{worst.Model} / {worst.Perturbation} ({string.Join(", ", conditions.Select(c => c.Strength))}): {VerificationText.Of(worst.Verdict)}. {string.Join(". ", VerificationText.Explain(worst))}";
        return format == AnnotationFormat.GitHub
            ? $"::{level} file={Property(worst.At.File)},line={worst.At.Line},col={worst.At.Column},title={Property($"MerBench: {VerificationText.Of(worst.Verdict)}")}::{Data(text)}"
            : $"{worst.At.File}({worst.At.Line},{worst.At.Column}): {(level == "notice" ? "message" : level)} {code}: {text}";
    }

    // GitHub's workflow commands: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
    private static string Data(string text) => text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
