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
public sealed record SystemComparison
{
    /// <summary>What is compared, such as MAE after the attack.</summary>
    public required string Measure { get; init; }

    public required string First { get; init; }

    public required string Second { get; init; }

    public required int Seeds { get; init; }

    public required int Clips { get; init; }

    public required double Difference { get; init; }

    /// <summary>95 % interval of the difference.</summary>
    public required Interval Bootstrap { get; init; }

    /// <summary>Seeds and clips crossed, both random; the one to believe.</summary>
    public required TTest Test { get; init; }

    /// <summary>Its p after Holm's correction over all pairs of this measure.</summary>
    public required double CorrectedP { get; init; }

    /// <summary>Wilcoxon's test on clips averaged over seeds.</summary>
    public required WilcoxonTest OverClips { get; init; }

    /// <summary>Of clips averaged over seeds.</summary>
    public required EffectSize Effect { get; init; }

    public required double Margin { get; init; }

    /// <summary>Of the two one-sided tests against the margin, corrected by Holm.</summary>
    public required double EquivalenceP { get; init; }

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
        TTest[] tests = [.. pairs.Select(p => CrossedTTest.Compute(p.Table!))];
        double[] corrected = HolmCorrection.Correct([.. tests.Select(t => t.P)]),
            equivalence = HolmCorrection.Correct([.. tests.Select(t => t.EquivalenceP(margin))]);
        return
        [
            .. pairs.Select(
                (pair, i) =>
                {
                    double[] clips = pair.Table!.OverSeeds();
                    return new SystemComparison
                    {
                        Measure = measure,
                        First = pair.First,
                        Second = pair.Second,
                        Seeds = pair.Table.Seeds.Count,
                        Clips = clips.Length,
                        Difference = tests[i].Mean,
                        Bootstrap = HierarchicalBootstrap.Estimate(
                            pair.Table,
                            RandomStream.For("bootstrap", measure, pair.First, pair.Second)
                        ),
                        Test = tests[i],
                        CorrectedP = corrected[i],
                        OverClips = WilcoxonTest.Compute(clips),
                        Effect = EffectSize.Compute(clips),
                        Margin = margin,
                        EquivalenceP = equivalence[i],
                    };
                }
            ),
        ];
    }
}
