using System.Globalization;
using MerBench.Analysis.Comparisons;
using MerBench.Host.Statistics;
using MerBench.Host.Text;

namespace MerBench.Reports.Tables;

/// <summary>A comparison of runs in words, for any medium.</summary>
internal static class ComparisonText
{
    private const string OneSeed = "seed; with one seed, intervals and tests are over clips alone, and say nothing of other trainings";

    /// <summary>What the columns and verdicts mean.</summary>
    public static string Legend { get; } = Passage.Read("comparison", "legend").ToString();

    public static string Describe(ChangeVerdict verdict) =>
        verdict switch
        {
            ChangeVerdict.CannotTell => "cannot tell",
            ChangeVerdict.SlightlyLower => "slightly lower",
            ChangeVerdict.SlightlyHigher => "slightly higher",
            _ => verdict.ToString().ToLowerInvariant(),
        };

    /// <summary>What the verdicts stand for.</summary>
    public static string Verdicts(RunComparison comparison) =>
        Passage
            .Read("comparison", "verdicts")
            .Fill("rounding", Short(MeasureChange.Rounding))
            .Fill("margin", Short(comparison.Margin))
            .ToString();

    private static string Short(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>«perturbed error: 2 higher, 1 cannot tell, 5 same» of conditions, a measure.</summary>
    public static IEnumerable<string> Counts(RunComparison comparison)
    {
        yield return Count("clean error", comparison.Conditions.DistinctBy(c => (c.ModelBefore, c.Model)).Select(c => c.Clean));
        yield return Count("perturbed error", comparison.Conditions.Select(c => c.Perturbed));
        yield return Count("harm", comparison.Conditions.Select(c => c.Harm));
    }

    /// <summary>How much was compared.</summary>
    public static string Scope(RunComparison comparison) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{comparison.PairedCells} cells of {Quantity.Write(comparison.Conditions.Count, "condition")} in both runs, "
                + $"{Range(comparison.Conditions.Select(c => c.ClipCount))} clips, "
                + $"{Range(comparison.Conditions.Select(c => c.Seeds.Count))} "
                + $"{(comparison.Conditions.All(c => c.Seeds.Count == 1) ? OneSeed : "seeds")}."
        );

    /// <summary>What differs in the inputs, a line each.</summary>
    public static IEnumerable<string> Inputs(RunComparison comparison) =>
        comparison.Inputs.Select(i =>
            i.Conditions.Count == comparison.Conditions.Count || i.Cause.IsOfModel
                ? i.Cause.ToString()
                : $"{i.Cause} ({(i.Conditions.Count == 1 ? i.Conditions[0] : Quantity.Write(i.Conditions.Count, "condition"))})"
        );

    public const string NoInputs =
        "Nothing: code, options, weights, data, device, libtorch, threads and batch are the same. If something moved, it is not "
        + "deterministic, or depends on what no option names.";

    /// <summary>What is to be said of cells, by kind.</summary>
    public static IEnumerable<(string Title, IReadOnlyList<string> Lines)> Remarks(RunComparison comparison) =>
        comparison.Remarks.GroupBy(r => r.Kind).Select(g => (Title(g.Key), (IReadOnlyList<string>)[.. g.Select(Line)]));

    /// <summary>The clips of a condition that moved most.</summary>
    public static string Clips(ConditionChange condition) =>
        string.Join(", ", condition.Clips.Select(c => $"{c.Clip} {Three(c.Accepted)} -> {Three(c.Received)}"));

    /// <summary>Whether a difference says nothing of the model, and why; null where it does.</summary>
    public static string? Caution(ConditionChange condition)
    {
        if (condition.Causes.Any(c => c.Kind is CauseKind.Dataset))
            return "the data differ, so this is no difference of models";
        if (condition.Causes.Any(c => c.Kind is CauseKind.Perturbation))
            return "the perturbation itself differs, so this is no difference of models";
        bool looksBetter = condition.Perturbed.Verdict is ChangeVerdict.Lower or ChangeVerdict.SlightlyLower;
        return condition.Doubtful && looksBetter ? "doubtful cells: the model may be less robust than it looks" : null;
    }

    public static string Three(double? value) => value?.ToString("0.000", CultureInfo.InvariantCulture) ?? "n/a";

    public static string Signed(double? value) => value?.ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture) ?? "n/a";

    public static string With(double value, Interval? interval) =>
        interval is null ? Signed(value) : $"{Signed(value)} [{Signed(interval.Low)}, {Signed(interval.High)}]";

    public static string P(double? p) =>
        p switch
        {
            null or double.NaN => "",
            < 0.0001 => "<.0001",
            { } value => value.ToString(".0000", CultureInfo.InvariantCulture),
        };

    private static string Count(string measure, IEnumerable<MeasureChange> changes) =>
        $"{measure}: "
        + string.Join(
            ", ",
            changes
                .GroupBy(c => c.Verdict)
                .OrderByDescending(g => g.Key)
                .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {Describe(g.Key)}"))
        );

    private static string Title(RemarkKind kind) =>
        kind switch
        {
            RemarkKind.OnlyBefore => "Only in the first run",
            RemarkKind.OnlyAfter => "Only in the second run",
            RemarkKind.FailedBefore => "Failed in the first run",
            RemarkKind.FailedAfter => "Failed in the second run",
            RemarkKind.NowDoubtful => "Newly doubtful",
            RemarkKind.NoLongerDoubtful => "No longer doubtful",
            _ => "Doubtful in both runs",
        };

    private static string Line(CellRemark remark) =>
        $"{remark.Condition}, seed{(remark.Seeds.Count == 1 ? "" : "s")} "
        + $"{string.Join(", ", remark.Seeds)}{(remark.Text.Length > 0 ? $": {remark.Text}" : "")}";

    private static string Range(IEnumerable<int> counts)
    {
        int[] all = [.. counts];
        return all.Min() == all.Max()
            ? all.Max().ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{all.Min()} to {all.Max()}");
    }
}
