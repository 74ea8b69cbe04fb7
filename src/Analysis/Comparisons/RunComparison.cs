using MerBench.Analysis.Queries;
using MerBench.Host;
using MerBench.Host.Results;
using MerBench.Host.Statistics;

namespace MerBench.Analysis.Comparisons;

/// <summary>Two runs against each other, cell by cell and clip by clip: what moved, beyond what noise, and what differs between what both
/// were made from.</summary>
/// <param name="Margin">Largest change that counts as none, in rating units.</param>
/// <param name="PairedCells">Cells that both have.</param>
/// <param name="Inputs">What differs, with the conditions that depend on it.</param>
public sealed record RunComparison(
    RunIdentity Before,
    RunIdentity After,
    double Margin,
    int PairedCells,
    IReadOnlyList<ConditionChange> Conditions,
    IReadOnlyList<InputChange> Inputs,
    IReadOnlyList<CellRemark> Remarks
)
{
    /// <summary>Compares.</summary>
    /// <param name="before">The first run; may be the second one too, to compare models within it.</param>
    /// <param name="renamed">Models and perturbations that are called otherwise in the second run.</param>
    /// <param name="models">The only models to compare; all of the same name where none is given.</param>
    /// <param name="margin">Largest change that counts as none, in rating units; a fiftieth of the scale when null.</param>
    /// <exception cref="UserErrorException">There is nothing to compare; the message says why.</exception>
    public static RunComparison Compare(
        RunFolder before,
        RunFolder after,
        IReadOnlyList<NamePair> renamed,
        IReadOnlyList<NamePair> models,
        double? margin = null
    )
    {
        RunResults first = before.ReadResults(),
            second = after.ReadResults();
        CellPairing cells = CellPairing.Pair(first, second, renamed, models);
        CellPair[] finished = [.. cells.Pairs.Where(p => !p.IsFailed)];
        if (finished.Length == 0)
            throw new UserErrorException(
                $"nothing to compare: all {cells.Pairs.Count} cells that both runs have failed in one of them. "
                    + $"{cells.Pairs[0].After.Name}: {cells.Pairs[0].After.Failure ?? cells.Pairs[0].Before.Failure}"
            );
        if (new[] { before, after }.FirstOrDefault(r => !File.Exists(r.ClipsPath)) is { } lost)
            throw new UserErrorException(
                $"{lost.ClipsPath} is missing, so clips cannot be compared. Run the benchmark again; finished cells are kept."
            );
        using RunDatabase database = RunDatabase.Open([before, after]);
        IReadOnlyList<ConditionErrors> errors = ConditionErrors.Read(database, database.NameOf(before), database.NameOf(after), finished);
        if (errors.Count == 0)
            throw new UserErrorException(
                "nothing to compare: the runs have cells in common, and no clip: they were tested on other music."
            );
        double largestNone = margin ?? LogStatistics.DefaultMargin * (second.Dataset.Maximum - second.Dataset.Minimum);
        var origins = new OriginComparison(first, second);
        ConditionChange[] conditions =
        [
            .. Judge(errors, largestNone).Select(c => c.Errors.ToChange(c.Clean, c.Perturbed, c.Harm, second.HigherIsBetter, origins)),
        ];
        return new RunComparison(
            RunIdentity.Describe(database.NameOf(before), first),
            RunIdentity.Describe(database.NameOf(after), second),
            largestNone,
            finished.Length,
            conditions,
            InputChange.Collect(conditions),
            CellRemark.Collect(cells)
        );
    }

    // Each measure is a family of tests of its own.
    private static IEnumerable<(ConditionErrors Errors, PairedChange? Clean, PairedChange? Perturbed, PairedChange? Harm)> Judge(
        IReadOnlyList<ConditionErrors> errors,
        double margin
    )
    {
        IReadOnlyList<PairedChange?> Family(Func<ConditionErrors, MeasureErrors> measure) =>
            PairedChange.Correct([.. errors.Select(e => measure(e).Test)], margin);
        IReadOnlyList<PairedChange?> clean = Family(e => e.Clean),
            perturbed = Family(e => e.Perturbed),
            harm = Family(e => e.Harm);
        return errors.Select((e, i) => (e, clean[i], perturbed[i], harm[i]));
    }
}

/// <summary>Something that differs between what two runs were made from.</summary>
/// <param name="Conditions">Those that depend on it.</param>
public sealed record InputChange(Cause Cause, IReadOnlyList<string> Conditions)
{
    internal static IReadOnlyList<InputChange> Collect(IReadOnlyList<ConditionChange> conditions) =>
        [
            .. conditions
                .SelectMany(c => c.Causes.Select(cause => (Cause: cause, c.Name)))
                .GroupBy(c => c.Cause)
                .Select(g => new InputChange(g.Key, [.. g.Select(c => c.Name).Distinct(StringComparer.Ordinal)]))
                .OrderBy(i => i.Cause.Kind),
        ];
}
