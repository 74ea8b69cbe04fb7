namespace MerBench.Host.Statistics;

/// <summary>What a comparison of two systems shows.</summary>
public enum Verdict
{
    /// <summary>Neither a difference nor equivalence is shown.</summary>
    CannotTell,

    /// <summary>They differ, by the corrected test at 5 %.</summary>
    Different,

    /// <summary>They are the same up to the margin, by the corrected equivalence test at 5 %.</summary>
    Equivalent,

    /// <summary>Both: they differ, by less than the margin.</summary>
    DifferentWithinMargin,
}

/// <summary>Two systems on the same seeds and clips. Tests look at first minus second.</summary>
/// <param name="Measure">What is compared, such as MAE after the attack.</param>
/// <param name="Bootstrap">95 % interval of the difference.</param>
/// <param name="Test">Seeds and clips crossed, both random; the one to believe.</param>
/// <param name="CorrectedP">Its p after Holm's correction over all pairs of this measure.</param>
/// <param name="OverClips">Wilcoxon's test on clips averaged over seeds.</param>
/// <param name="Effect">Of clips averaged over seeds.</param>
/// <param name="EquivalenceP">Of the two one-sided tests against the margin, corrected by Holm.</param>
public sealed record SystemComparison(
    string Measure,
    string First,
    string Second,
    int Seeds,
    int Clips,
    double Difference,
    Interval Bootstrap,
    TTest Test,
    double CorrectedP,
    WilcoxonTest OverClips,
    EffectSize Effect,
    double Margin,
    double EquivalenceP
)
{
    private const double Level = 0.05;

    public Verdict Verdict =>
        (CorrectedP < Level, EquivalenceP < Level) switch
        {
            (true, true) => Verdict.DifferentWithinMargin,
            (true, false) => Verdict.Different,
            (false, true) => Verdict.Equivalent,
            _ => Verdict.CannotTell,
        };

    /// <summary>Compares each system with each later one; pairs without common seeds or clips are left out.</summary>
    /// <param name="margin">Largest difference that counts as none, in the measure's unit.</param>
    public static IReadOnlyList<SystemComparison> AllPairs(
        string measure,
        IReadOnlyList<(string System, ErrorTable Errors)> systems,
        double margin
    )
    {
        var pairs = systems
            .SelectMany(
                (a, i) =>
                    systems.Skip(i + 1).Select(b => (First: a.System, Second: b.System, Table: ErrorTable.Difference(a.Errors, b.Errors)))
            )
            .Where(pair => pair.Table is not null)
            .ToList();
        TTest[] tests = [.. pairs.Select(p => CrossedTTest.Of(p.Table!))];
        double[] corrected = HolmCorrection.Correct([.. tests.Select(t => t.P)]),
            equivalence = HolmCorrection.Correct([.. tests.Select(t => t.EquivalenceP(margin))]);
        return
        [
            .. pairs.Select(
                (pair, i) =>
                {
                    double[] clips = pair.Table!.OverSeeds();
                    return new SystemComparison(
                        measure,
                        pair.First,
                        pair.Second,
                        pair.Table.Seeds.Count,
                        clips.Length,
                        tests[i].Mean,
                        HierarchicalBootstrap.Of(pair.Table, RandomStream.For("bootstrap", measure, pair.First, pair.Second)),
                        tests[i],
                        corrected[i],
                        WilcoxonTest.Of(clips),
                        EffectSize.Of(clips),
                        margin,
                        equivalence[i]
                    );
                }
            ),
        ];
    }
}
