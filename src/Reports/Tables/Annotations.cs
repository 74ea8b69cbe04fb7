using System.Globalization;
using System.Text.RegularExpressions;
using MerBench.Analysis.Snapshots;
using MerBench.Host.Text;

namespace MerBench.Reports.Tables;

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
public static partial class Annotations
{
    public const string FormatVariable = "MERBENCH_ANNOTATIONS";

    /// <summary>What the environment asks for: the variable, else GitHub Actions' own, else nothing.</summary>
    public static AnnotationFormat FromEnvironment(Func<string, string?> environment)
    {
        if (Enum.TryParse(environment(FormatVariable), ignoreCase: true, out AnnotationFormat format))
            return format;
        return environment("GITHUB_ACTIONS") == "true" ? AnnotationFormat.GitHub : AnnotationFormat.None;
    }

    /// <summary>Mistakes in a benchmark file, in lines of <c>FILE:LINE:COL: text</c>, as annotations; other lines are left out.</summary>
    public static IEnumerable<string> OfProblems(string message, AnnotationFormat format) =>
        format == AnnotationFormat.None
            ? []
            : Problem()
                .Matches(message)
                .Select(m =>
                    Line(
                        format,
                        "error",
                        "MERBENCH005",
                        m.Groups["file"].Value,
                        m.Groups["line"].Value,
                        m.Groups["column"].Value,
                        "MerBench",
                        m.Groups["text"].Value
                    )
                );

    public static IEnumerable<string> List(BenchmarkVerification verification, AnnotationFormat format, bool strict) =>
        format == AnnotationFormat.None
            ? []
            : from condition in verification.Conditions
            where condition.Verdict != SnapshotVerdict.Same
            group condition by (condition.Model, condition.Perturbation, condition.Verdict) into same
            orderby same.Key.Verdict descending
            select Line(format, [.. same], strict);

    private static string Line(AnnotationFormat format, IReadOnlyList<ConditionComparison> conditions, bool strict)
    {
        ConditionComparison worst = conditions.MaxBy(c => Math.Abs(c.PerturbedChange?.Mean ?? 0))!;
        (string level, string code) = Grade(worst.Verdict, strict);
        string text =
            $"{worst.Model} / {worst.Perturbation} ({string.Join(", ", conditions.Select(c => c.Strength))}): "
            + $"{VerificationText.Describe(worst.Verdict)}. {string.Join(". ", worst.Explanation)}";
        return Line(
            format,
            level,
            code,
            worst.At.File,
            worst.At.Line.ToString(CultureInfo.InvariantCulture),
            worst.At.Column.ToString(CultureInfo.InvariantCulture),
            $"MerBench: {VerificationText.Describe(worst.Verdict)}",
            text
        );
    }

    private static (string Level, string Code) Grade(SnapshotVerdict verdict, bool strict)
    {
        if (BenchmarkVerification.Breaks(verdict, strict) || verdict == SnapshotVerdict.Failed)
            return ("error", "MERBENCH002");
        return verdict == SnapshotVerdict.CannotTell ? ("warning", "MERBENCH003") : ("notice", "MERBENCH004");
    }

    private static string Line(
        AnnotationFormat format,
        string level,
        string code,
        string file,
        string line,
        string column,
        string title,
        string text
    ) =>
        format == AnnotationFormat.GitHub
            ? $"::{level} file={Property(file)},line={line},col={column},title={Property(title)}::{Data(text)}"
            : GuestText.Escape($"{file}({line},{column}): {(level == "notice" ? "message" : level)} {code}: {text}");

    [GeneratedRegex(
        @"^(?:error: )?(?<file>[^\n]+?):(?<line>[0-9]+):(?<column>[0-9]+): (?<text>[^\n]+)$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Problem();

    // GitHub's workflow commands: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
    private static string Data(string text) =>
        GuestText.EscapeLines(text).Replace("%", "%25", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) =>
        Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
